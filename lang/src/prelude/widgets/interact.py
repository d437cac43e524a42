# interact, after ipywidgets: controls from abbreviations, and the call that runs again when one of them has moved.


class _Interactive(_Widget):
    """Controls above an output, which shows the last call."""

    def __init__(self, f, kwargs, manual):
        self._controls = []
        for name, abbreviation, default in _abbreviations(f, kwargs):
            control = _control(abbreviation, default)
            if control is None:
                raise ValueError(f"{abbreviation!r} cannot be transformed to a widget")
            if isinstance(control, _Control):
                control._traits["description"] = control._traits["description"] or name
            self._controls.append((name, control))
        super().__init__("VBox")
        self.f, self.result, self.kwargs = f, None, {}
        self.children = [control for _, control in self._controls if isinstance(control, _Control)]
        if manual:
            self.children.append(_Push("Run Interact", self))
        else:
            for control in self.children:
                control._runs.append(self)
        self.out = _Widget("Output")
        self.children.append(self.out)

    def _update(self):
        self.kwargs = {name: control.value for name, control in self._controls}
        self.result = __perform__(self.out.number, self.f, self.kwargs)

    def __repr__(self):
        children = repr(tuple(self.children))
        return f"interactive(children={children}, _dom_classes=('widget-interact',))"


class _Factory:
    """`interact` with some of its arguments: a decorator."""

    def __init__(self, kwargs, manual):
        self.kwargs, self.manual = kwargs, manual

    def __call__(self, f=None, /, **kwargs):
        return _interact(f, self.kwargs | kwargs, self.manual)


def _interact(f, kwargs, manual):
    if f is None:
        return _Factory(kwargs, manual)
    if not callable(f):
        raise TypeError(f"{f!r} is not a callable object")
    made = _Interactive(f, kwargs, manual)
    display(made)
    if not manual:
        made._update()
    return f


def interact(f=None, /, **kwargs):
    """Shows controls for a function's parameters, and calls it again on all ranks whenever one is moved.

    A parameter's control follows from what is given for it, or from its default: `(0, 10)` and `(0, 10, 2)` are a slider over
    ints, with a float among them one over floats, an int or a float one around it, True a box to tick, a str a field, a list or a
    dict a choice. `IntSlider(...)` and its kin say more, `fixed(x)` passes a value on. Also a decorator: `@interact(x=(0, 10))`.

    >>> interact(lambda x, s='sum': (s, sum(range(x))), x=(0, 10))
    """
    return _interact(f, kwargs, False)


def interact_manual(f=None, /, **kwargs):
    """As `interact`, with a button: the function is called when that is pressed.

    >>> interact_manual(lambda n: n ** 2, n=(1, 1000))
    """
    return _interact(f, kwargs, True)


def __event__(states):
    """What the kernel runs when widgets have moved: their numbers, and what the front end says of each.

    >>> __event__({})
    """
    late = []
    for number, state in states.items():
        widget = _made.get(number)
        if widget is not None:
            late += [run for run in widget._changed(state) if run not in late]
    for run in late:
        run._update()


def _abbreviations(f, kwargs):
    """Name, abbreviation and default of each parameter that has a control."""
    parameters = __parameters__(f)
    if parameters is None:
        return [(name, value, value) for name, value in kwargs.items()]
    left, found = dict(kwargs), []
    for name, kind, given, default in parameters:
        if kind == "named":
            if name not in left and not given:
                raise ValueError(f"cannot find widget or abbreviation for argument: {name!r}")
            found.append((name, left.pop(name, default), default if given else _UNSET))
        elif kind == "rest":
            found += [(key, value, _UNSET) for key, value in left.items()]
            left = {}
    if left:
        raise TypeError(f"{f.__name__}() got an unexpected keyword argument '{list(left)[0]}'")
    return found


def _control(abbreviation, default):
    """A control, or what is fixed, for an abbreviation; None where it is none."""
    if isinstance(abbreviation, (_Control, _Fixed)):
        return abbreviation
    if isinstance(abbreviation, _Widget):
        raise TypeError(f"{abbreviation!r} is not a ValueWidget")
    if isinstance(abbreviation, tuple):
        return _with(_of_tuple(abbreviation), default)
    if isinstance(abbreviation, str):
        return Text(abbreviation)
    if isinstance(abbreviation, (bool, np.bool_)):
        return Checkbox(bool(abbreviation))
    if _is_real(abbreviation):
        low, high, value = _range(None, None, abbreviation)
        if _is_whole(abbreviation):
            return IntSlider(value, low, high)
        return FloatSlider(value, min=low, max=high)
    if isinstance(abbreviation, dict):
        return _with(Dropdown(options=abbreviation), default)
    try:
        options = list(abbreviation)
    except TypeError:
        return None
    return _with(Dropdown(options=options), default)


def _with(control, default):
    """The control at the function's own default, where it can be there."""
    if control is not None and default is not _UNSET:
        try:
            control._take(control._fit(default))
        except TraitError:
            pass
    return control


def _of_tuple(numbers):
    if len(numbers) not in (2, 3) or not all([_is_real(number) for number in numbers]):
        return None
    step = None
    if len(numbers) == 3:
        step = numbers[2]
        if step <= 0:
            raise ValueError(f"step must be >= 0, not {step!r}")
    low, high, value = _range(numbers[0], numbers[1], None, step)
    if all([_is_whole(number) for number in numbers]):
        return IntSlider(value, low, high, step)
    return FloatSlider(value, min=low, max=high, step=step)


def _range(low, high, value=None, step=None):
    if value is None:
        value = low + (high - low) // 2 if _is_whole(low) and _is_whole(high) else low + (high - low) / 2
    else:
        bounds = (value, value + 1) if value == 0 else (-value, 3 * value) if value > 0 else (3 * value, -value)
        low, high = bounds
    if step is not None:
        value = low + int((value - low) / step) * step
    if not low <= value <= high:
        raise ValueError(f"value must be between min and max (min={low}, value={value}, max={high})")
    return low, high, value


def _is_whole(x):
    return isinstance(x, (int, np.integer))


def _is_real(x):
    return isinstance(x, (int, float, np.integer, np.floating))
