"""How an obligation lives: its versions, its ladder, its acknowledgement."""
