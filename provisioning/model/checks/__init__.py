"""What is looked at of a line: one dataclass a kind of check, in the modules by which `judging` judges them."""
