# What operators do, as functions.


def add(a, b, /):
    """The sum.

    dtype: as of the operator
    >>> operator.add(1, 2)
    """
    return a + b


def and_(a, b, /):
    """The bits that are set in both.

    dtype: as of the operator
    >>> operator.and_(6, 3)
    """
    return a & b


def concat(a, b, /):
    """One sequence behind the other.

    dtype: as of the operator
    >>> operator.concat([1], [2])
    """
    return a + b


def contains(a, b, /):
    """Whether the first contains the second.

    dtype: as of the operator
    >>> operator.contains([1, 2], 2)
    """
    return b in a


def eq(a, b, /):
    """Whether they are equal.

    dtype: as of the operator
    >>> operator.eq(1, 1.0)
    """
    return a == b


def floordiv(a, b, /):
    """The floor of the quotient.

    dtype: as of the operator
    >>> operator.floordiv(7, 2)
    """
    return a // b


def ge(a, b, /):
    """Whether the first is not less.

    dtype: as of the operator
    >>> operator.ge(2, 1)
    """
    return a >= b


def getitem(a, b, /):
    """The item at a place.

    dtype: as of the operator
    >>> operator.getitem([1, 2], 0)
    """
    return a[b]


def gt(a, b, /):
    """Whether the first is greater.

    dtype: as of the operator
    >>> operator.gt(2, 1)
    """
    return a > b


def inv(a, /):
    """The bits, each the other way.

    dtype: as of the operator
    >>> operator.inv(5)
    """
    return ~a


def invert(a, /):
    """The bits, each the other way.

    dtype: as of the operator
    >>> operator.invert(5)
    """
    return ~a


def is_(a, b, /):
    """Whether they are the same object.

    dtype: as of the operator
    >>> operator.is_(None, None)
    """
    return a is b


def is_not(a, b, /):
    """Whether they are different objects.

    dtype: as of the operator
    >>> operator.is_not(None, 1)
    """
    return a is not b


def le(a, b, /):
    """Whether the first is not greater.

    dtype: as of the operator
    >>> operator.le(2, 1)
    """
    return a <= b


def lshift(a, b, /):
    """The bits, moved up.

    dtype: as of the operator
    >>> operator.lshift(1, 4)
    """
    return a << b


def lt(a, b, /):
    """Whether the first is less.

    dtype: as of the operator
    >>> operator.lt(2, 1)
    """
    return a < b


def matmul(a, b, /):
    """The product of matrices.

    dtype: as of the operator
    >>> operator.matmul(np.eye(2), np.ones(2))
    """
    return a @ b


def mod(a, b, /):
    """The remainder.

    dtype: as of the operator
    >>> operator.mod(7, 3)
    """
    return a % b


def mul(a, b, /):
    """The product.

    dtype: as of the operator
    >>> operator.mul(2, 3)
    """
    return a * b


def ne(a, b, /):
    """Whether they are not equal.

    dtype: as of the operator
    >>> operator.ne(1, 2)
    """
    return a != b


def neg(a, /):
    """The negative.

    dtype: as of the operator
    >>> operator.neg(1)
    """
    return -a


def not_(a, /):
    """Whether it is not true.

    dtype: as of the operator
    >>> operator.not_([])
    """
    return not a


def or_(a, b, /):
    """The bits that are set in either.

    dtype: as of the operator
    >>> operator.or_(6, 1)
    """
    return a | b


def pos(a, /):
    """The number itself.

    dtype: as of the operator
    >>> operator.pos(1)
    """
    return +a


def pow(a, b, /):
    """The power.

    dtype: as of the operator
    >>> operator.pow(2, 3)
    """
    return a ** b


def rshift(a, b, /):
    """The bits, moved down.

    dtype: as of the operator
    >>> operator.rshift(16, 2)
    """
    return a >> b


def sub(a, b, /):
    """The difference.

    dtype: as of the operator
    >>> operator.sub(3, 1)
    """
    return a - b


def truediv(a, b, /):
    """The quotient.

    dtype: as of the operator
    >>> operator.truediv(1, 2)
    """
    return a / b


def truth(a, /):
    """Whether it is true.

    dtype: as of the operator
    >>> operator.truth([0])
    """
    return bool(a)


def xor(a, b, /):
    """The bits that are set in one of both.

    dtype: as of the operator
    >>> operator.xor(6, 3)
    """
    return a ^ b


def setitem(a, b, c, /):
    """Sets the item at a place: `a[b] = c`.

    dtype: None
    >>> operator.setitem([1, 2], 0, 3)
    """
    a[b] = c


def delitem(a, b, /):
    """Deletes the item at a place: `del a[b]`.

    dtype: None
    >>> operator.delitem([1, 2], 0)
    """
    del a[b]


def iadd(a, b, /):
    """What `a += b` leaves in `a`.

    dtype: as of the operator
    >>> operator.iadd([1], [2])
    """
    a += b
    return a


def imul(a, b, /):
    """What `a *= b` leaves in `a`.

    dtype: as of the operator
    >>> operator.imul([1], 2)
    """
    a *= b
    return a
