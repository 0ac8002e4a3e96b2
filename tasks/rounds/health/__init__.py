"""The health door: whether the installation lives, whether it is ready, and the figures that monitoring watches."""
