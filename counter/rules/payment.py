"""How a fee is paid (缴费方式)."""

from enum import StrEnum


class Payment(StrEnum):
    """How the fee is paid (缴费方式), FEE-1."""

    CASH = "cash"  # 现金
    ACCOUNT = "account"  # 扣账户
