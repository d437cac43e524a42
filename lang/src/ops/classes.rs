//! Builtins around the user's classes, and NumPy's settings of floating-point errors.

use super::objects::builtin;
use super::{Host, Module, Row};

pub const ROWS: &[Row] = &[
    builtin(
        "issubclass",
        "(cls, class_or_tuple, /)",
        "Whether a class is another one, or derives from it.",
        "issubclass(KeyError, LookupError), issubclass(bool, int)",
        "a bool",
        Host::IsSubclass,
    ),
    builtin(
        "super",
        "(cls=None, obj=None, /)",
        "The attributes that follow a class in the order of lookup; in a method, without arguments, of the class around it.",
        "class A:\n    def f(self):\n        return 1\nclass B(A):\n    def f(self):\n        return super().f() + 1\nB().f()",
        "the attributes",
        Host::Super,
    ),
    builtin(
        "property",
        "(fget=None, fset=None, fdel=None, doc=None)",
        "An attribute that is computed when it is read: `@property` above a method; `@name.setter` above what assigns it.",
        "class Square:\n    side = 3\n    @property\n    def area(self):\n        return self.side ** 2\nSquare().area",
        "a property",
        Host::Property,
    ),
    builtin(
        "staticmethod",
        "(function, /)",
        "A function of a class that is called without an object: `@staticmethod` above it.",
        "class A:\n    @staticmethod\n    def f(x):\n        return x + 1\nA.f(1), A().f(2)",
        "the function",
        Host::StaticMethod,
    ),
    builtin(
        "classmethod",
        "(function, /)",
        "A method that gets the class instead of an object: `@classmethod` above it.",
        "class A:\n    @classmethod\n    def name(cls):\n        return cls.__name__\nA.name()",
        "the method",
        Host::ClassMethod,
    ),
    Row {
        module: Module::Numpy,
        ..builtin(
            "errstate",
            "(*, all=None, divide=None, over=None, under=None, invalid=None)",
            "Settings of floating-point errors for a `with` block. 'raise' makes a FloatingPointError of what elementwise functions, \
             folds, products of matrices and NumPy's scalars meet, before anything is stored; everything is computed at once then, \
             and the ranks agree on each statement. There are no warnings: 'ignore' and 'warn' differ in what `geterr` says only; \
             'call', 'print' and 'log' are refused.",
            "with np.errstate(divide='ignore'):\n    print(np.ones(2) / 0)",
            "a context manager",
            Host::ErrState,
        )
    },
    Row {
        module: Module::Numpy,
        ..builtin(
            "seterr",
            "(all=None, divide=None, over=None, under=None, invalid=None)",
            "Sets what happens at floating-point errors, as `errstate` does for a block, and returns what was set.",
            "old = np.seterr(all='ignore')\nnp.seterr(**old)['divide']",
            "a dict",
            Host::SetErr,
        )
    },
    Row {
        module: Module::Numpy,
        ..builtin(
            "geterr",
            "()",
            "What happens at floating-point errors.",
            "np.geterr()",
            "a dict",
            Host::GetErr,
        )
    },
];
