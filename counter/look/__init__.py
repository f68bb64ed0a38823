"""How everything looks: the roles that widgets name, and the themes that say what a role is.

Three levels and no more: where I am (`band`), what I type (`focus`, the brightest thing on the screen), what holds me
up (`stop`, and `alarm` for its chip). Everything else is quiet text on one ground.
"""
