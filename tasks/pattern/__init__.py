"""The pattern list, and the cases that are related by the key of a suspect or a victim."""
