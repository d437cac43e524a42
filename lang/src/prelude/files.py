# Text files of numbers, and archives of arrays.

import numpy as np


class _NpzFile:
    """The arrays of an archive, each read when it is asked for."""

    def __init__(self, name, files):
        self.files = list(files)
        self._name, self._open = name, True

    def __repr__(self):
        keys = ", ".join(self.files[:5]) + ("..." if len(self.files) > 5 else "")
        name = repr(self._name) if self._open else "'object'"
        return f"NpzFile {name} with keys: {keys}"

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def close(self):
        self._open = False

    def __iter__(self):
        return iter(self.files)

    def __len__(self):
        return len(self.files)

    def __contains__(self, key):
        return key in self.files or key in [f"{name}.npy" for name in self.files]

    def __getitem__(self, key):
        if key not in self:
            raise KeyError(f"{key} is not a file in the archive")
        if not self._open:
            raise AttributeError("'NoneType' object has no attribute 'open'")
        return np.load(self._name, member=key)

    def get(self, key, default=None):
        return self[key] if key in self else default

    def keys(self):
        return list(self.files)

    def values(self):
        return [self[key] for key in self.files]

    def items(self):
        return [(key, self[key]) for key in self.files]


def _npz(file, names):
    return _NpzFile(file, names)


def _lines(fname):
    """The lines of a file, or those given."""
    if isinstance(fname, str):
        return read_text(fname).splitlines()
    if not hasattr(fname, "__iter__"):
        raise ValueError(
            f"fname must be a string, filehandle, list of strings,\nor generator. Got {type(fname)} instead."
        )
    return list(fname)


def _refuse(function, **given):
    for name, value in given.items():
        if value:
            raise NotImplementedError(f"{name}= of {function} is not supported")


def _number(dtype):
    """What reads a text as a number of a dtype; ValueError where it is none."""
    kind = dtype.kind
    if kind in "iu":
        limits = np.iinfo(dtype)

        def whole(text):
            value = int(text)
            if not limits.min <= value <= limits.max or "_" in text:
                raise ValueError(text)
            return value

        return whole
    if kind == "b":
        return lambda text: int(text) != 0

    def real(text):
        if "_" in text:
            raise ValueError(text)
        return float(text) if kind == "f" else complex(text)

    return real


def _columns(usecols):
    if usecols is None:
        return None
    columns = list(usecols) if isinstance(usecols, (list, tuple, np.ndarray)) else [usecols]
    for column in columns:
        if not isinstance(column, (int, np.integer)):
            raise TypeError(
                "usecols must be an int or a sequence of ints but it contains at least one element of type "
                f"'{type(column).__name__}'"
            )
    return columns


def _shaped(rows, width, dtype, unpack, ndmin):
    """The array of rows of that width, with axes of length 1 left out down to `ndmin`."""
    a = np.array(rows, dtype=dtype).reshape((len(rows), width))
    if ndmin < 2:
        a = np.squeeze(a)
        if ndmin == 1:
            a = np.atleast_1d(a)
    return a.T if unpack else a


def loadtxt(
    fname,
    dtype=float,
    comments="#",
    delimiter=None,
    converters=None,
    skiprows=0,
    usecols=None,
    unpack=False,
    ndmin=0,
    encoding=None,
    max_rows=None,
    *,
    quotechar=None,
    like=None,
):
    """The numbers in a text file, a row a line, all rows of as many columns.

    Rank 0 reads the file, every rank the numbers in it. ValueError where a text is no number, or a row has more or fewer
    columns than the first; FileNotFoundError.

    Not here: `quotechar`, texts, structured dtypes.

    dtype: float64, or as given
    shape: (rows, columns), without axes of length 1
    >>> write_text("a.txt", "1 2\\n3 4\\n"); np.loadtxt("a.txt")
    """
    _refuse("loadtxt", quotechar=quotechar, like=like)
    dtype = np.dtype(dtype)
    if ndmin not in (0, 1, 2):
        raise ValueError(f"Illegal value of ndmin keyword: {ndmin}")
    if skiprows < 0 or max_rows is not None and max_rows < 0:
        raise ValueError("argument must be nonnegative")
    if delimiter is not None and len(delimiter) != 1:
        raise TypeError(
            f"Text reading control character must be a single unicode character or None; but got: {delimiter!r}"
        )
    if comments is None:
        comments = []
    elif isinstance(comments, str):
        comments = [comments]
    columns = _columns(usecols)
    read = _number(dtype)
    rows, width = [], None
    for line in _lines(fname)[skiprows:]:
        if max_rows is not None and len(rows) == max_rows:
            break
        for mark in comments:
            line = line.split(mark)[0]
        if line.strip("\r\n" if delimiter is not None else None) == "":
            continue
        words = line.split(delimiter)
        if columns is not None:
            for column in columns:
                if not -len(words) <= column < len(words):
                    raise ValueError(
                        f"invalid column index {column} at row {len(rows) + 1} with {len(words)} columns"
                    )
        elif width is not None and len(words) != width:
            raise ValueError(
                f"the number of columns changed from {width} to {len(words)} at row {len(rows) + 1}; "
                "use `usecols` to select a subset and avoid this error"
            )
        width = len(words)
        chosen = range(width) if columns is None else columns
        row = []
        for column in chosen:
            word = words[column]
            convert = converters.get(column) if isinstance(converters, dict) else converters
            if convert is not None:
                row.append(convert(word))
                continue
            try:
                row.append(read(word))
            except ValueError:
                raise ValueError(
                    f"could not convert string {word!r} to {dtype} at row {len(rows)}, column {column % width + 1}."
                ) from None
        rows.append(row)
    return _shaped(rows, len(rows[0]) if rows else 1, dtype, unpack, ndmin)


def savetxt(
    fname, X, fmt="%.18e", delimiter=" ", newline="\n", header="", footer="", comments="# ", encoding=None
):
    """Writes an array of one or two axes to a text file, a row a line.

    `fmt` is a format for all numbers, one for each column, or one for a whole row; complex numbers take two. Every rank
    formats all rows, some at a time; rank 0 writes them.

    dtype: None
    shape: none
    >>> np.savetxt("a.txt", [[1, 2], [3, 4]], fmt="%d", delimiter=","); read_text("a.txt")
    """
    X = np.asarray(X)
    if X.ndim not in (1, 2):
        raise ValueError(f"Expected 1D or 2D array, got {X.ndim}D array instead")
    if X.ndim == 1:
        X = X[:, np.newaxis]
    count, parts = X.shape[1], 2 if X.dtype.kind == "c" else 1
    if isinstance(fmt, (list, tuple)):
        if len(fmt) != count:
            raise AttributeError(f"fmt has wrong shape.  {fmt!s}")
        row_format = delimiter.join(fmt)
    elif isinstance(fmt, str):
        marks = fmt.count("%")
        if marks == 1:
            row_format = delimiter.join([f" ({fmt}+{fmt}j)" if parts == 2 else fmt] * count)
        elif marks != parts * count:
            raise ValueError(f"fmt has wrong number of % formats:  {fmt}")
        else:
            row_format = fmt
    else:
        raise ValueError(f"invalid fmt: {fmt!r}")
    text = []
    if header:
        text.append(comments + header.replace("\n", "\n" + comments) + newline)
    for first in range(0, X.shape[0], 1000):
        some = redistribute(X[first : first + 1000], "r")
        for row in some:
            if parts == 2:
                numbers = []
                for z in row:
                    numbers += [z.real, z.imag]
                text.append((row_format % tuple(numbers)).replace("+-", "-") + newline)
                continue
            try:
                text.append(row_format % tuple(row) + newline)
            except TypeError:
                raise TypeError(
                    f"Mismatch between array dtype ('{X.dtype}') and format specifier ('{row_format}')"
                ) from None
    if footer:
        text.append(comments + footer.replace("\n", "\n" + comments) + newline)
    write_text(fname, "".join(text))


def genfromtxt(
    fname,
    dtype=float,
    comments="#",
    delimiter=None,
    skip_header=0,
    skip_footer=0,
    converters=None,
    missing_values=None,
    filling_values=None,
    usecols=None,
    names=None,
    excludelist=None,
    deletechars=None,
    replace_space="_",
    autostrip=False,
    case_sensitive=True,
    defaultfmt="f%i",
    unpack=None,
    usemask=False,
    loose=True,
    invalid_raise=True,
    max_rows=None,
    encoding=None,
    *,
    ndmin=0,
    like=None,
):
    """The numbers in a text file in which some are missing or unreadable: nan, -1 or False, or `filling_values`.

    Rank 0 reads the file, every rank the numbers in it. ValueError where rows have different numbers of columns;
    with `invalid_raise=False` those are left out.

    Not here: `names`, `converters`, `usemask`, `loose=False`, `dtype=None`, columns of fixed widths.

    dtype: float64, or as given
    shape: (rows, columns), without axes of length 1
    >>> write_text("a.txt", "1,2\\n3,\\n"); np.genfromtxt("a.txt", delimiter=",")
    """
    _refuse("genfromtxt", names=names, converters=converters, usemask=usemask, like=like)
    if not loose or dtype is None or delimiter is not None and not isinstance(delimiter, str):
        raise NotImplementedError("loose=False, dtype=None and widths as delimiter of genfromtxt are not supported")
    if max_rows is not None:
        if skip_footer:
            raise ValueError(
                "The keywords 'skip_footer' and 'max_rows' can not be specified at the same time."
            )
        if max_rows < 1:
            raise ValueError("'max_rows' must be at least 1.")
    dtype = np.dtype(dtype)
    columns = _columns(usecols)
    rows, invalid, width, at = [], [], None, 0
    for line in _lines(fname)[skip_header:]:
        if comments is not None:
            line = line.split(comments)[0]
        line = line.strip(" \r\n")
        if width is not None:
            at += 1
        if line == "":
            continue
        words = line.split(delimiter)
        if width is None:
            width = len(words) if columns is None else len(columns)
        if columns is not None:
            short = any([not -len(words) <= column < len(words) for column in columns])
        else:
            short = len(words) != width
        if short:
            invalid.append(f"    Line #{at + skip_header + 1} (got {len(words)} columns instead of {width})")
            continue
        rows.append(words if columns is None else [words[column] for column in columns])
        if max_rows is not None and len(rows) == max_rows:
            break
    if invalid and invalid_raise:
        raise ValueError("\n".join(["Some errors were detected !"] + invalid))
    if skip_footer > 0:
        rows = rows[:-skip_footer]
    width = 0 if width is None else width
    if isinstance(filling_values, (list, tuple)):
        fill = list(filling_values) + [None] * (width - len(filling_values))
    elif isinstance(filling_values, dict):
        fill = [filling_values.get(column) for column in range(width)]
    else:
        fill = [filling_values] * width
    default = {"f": np.nan, "c": complex(np.nan, 0), "b": False}.get(dtype.kind, -1)
    fill = [default if value is None else value for value in fill]
    read = _truth if dtype.kind == "b" else _number(dtype)
    table = [[_or_else(read, word, fill[k]) for k, word in enumerate(row)] for row in rows]
    return _shaped(table, width if rows else 1, dtype, unpack, ndmin)


def _truth(text):
    if text.strip().upper() not in ("TRUE", "FALSE"):
        raise ValueError(text)
    return text.strip().upper() == "TRUE"


def _or_else(read, word, default):
    try:
        return read(word)
    except ValueError:
        return default
