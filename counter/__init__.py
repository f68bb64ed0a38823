"""counter: the bank counter's terminal for third-generation social security cards (第三代社保卡)."""

__version__ = "0.1.0"
