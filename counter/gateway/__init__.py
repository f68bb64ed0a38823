"""A province to run (省平台参考实现): the reference receiver, on PostgreSQL. Extra: ``counter[gateway]``."""
