"""The life of an obligation: its versions, its ladder and its acknowledgement."""
