# Controls after ipywidgets: what they hold and take. How they look is the front end's; the kernel has a model of each there.

import numpy as np

# Every widget by its number, which the kernel knows it by.
_made = {}


class _Unset:
    def __repr__(self):
        return "<unset>"


_UNSET = _Unset()


class TraitError(Exception):
    pass


class _Widget:
    """What has a model in the front end."""

    def __init__(self, kind):
        self.number = len(_made) + 1
        self.kind = kind
        self.children = []
        _made[self.number] = self

    def _state(self):
        return {}

    def _styles(self):
        return [{}, {}]

    def _models(self):
        """What the kernel needs to know of it and of what is in it, that first."""
        found = [model for child in self.children for model in child._models()]
        style, layout = self._styles()
        found.append({"number": self.number, "kind": self.kind, "state": self._state(), "style": style, "layout": layout,
                      "children": [child.number for child in self.children]})
        return found

    def _describe(self):
        return {"number": self.number, "models": self._models(), "text": repr(self)}

    def _changed(self, state):
        """Takes what the front end says; gives what is to run for it."""
        return []

    def __repr__(self):
        return f"{self.kind}()"


class _Control(_Widget):
    """A widget with a value. `traits` are in the order of its repr, each with what it is by default."""

    def __init__(self, kind, value, traits, style, layout):
        super().__init__(kind)
        for name, given, default in traits:
            if name == "description" and not isinstance(given, str):
                raise TraitError(f"The 'description' trait of {_a(kind)} instance expected a unicode string, not {_what(given)}.")
        self._traits = {name: given for name, given, default in traits}
        self._defaults = {name: default for name, given, default in traits}
        self._style, self._layout = _texts("style", style), _texts("layout", layout)
        self._runs = []
        self._value = self._fit(value)

    def _fit(self, value):
        return value

    @property
    def value(self):
        return self._value

    @value.setter
    def value(self, value):
        if self._take(self._fit(value)):
            __state__(self.number, self._sent())
            for run in self._runs:
                run._update()

    @property
    def description(self):
        return self._traits["description"]

    @property
    def disabled(self):
        return self._traits["disabled"]

    def _take(self, value):
        if type(value) is type(self._value) and value == self._value:
            return False
        self._value = value
        return True

    def _sent(self):
        """The value as the front end has it."""
        return {"value": self._value}

    def _received(self, state):
        return state

    def _changed(self, state):
        try:
            return list(self._runs) if self._take(self._fit(self._received(state))) else []
        except TraitError:
            return []

    def _state(self):
        return self._traits | self._sent()

    def _styles(self):
        return [self._style, self._layout]

    def _empty(self):
        return None

    def __repr__(self):
        words = [] if self._value == self._empty() and not self._always() else [f"value={self._value!r}"]
        changed = [name for name in sorted(self._traits) if self._traits[name] != self._defaults[name]]
        return f"{self.kind}({', '.join(words + [f'{name}={self._traits[name]!r}' for name in changed])})"

    def _always(self):
        return True


class _Number(_Control):
    def _fit(self, value):
        whole = self.kind.startswith("Int")
        if not isinstance(value, (int, float, np.integer, np.floating)) or value != value:
            kind = "an int" if whole else "a float"
            raise TraitError(f"The 'value' trait of {_a(self.kind)} instance expected {kind}, not {_what(value)}.")
        value = int(value) if whole else float(value)
        if "min" in self._traits:
            value = min(max(value, self._traits["min"]), self._traits["max"])
        return value

    def _received(self, state):
        return int(state) if self.kind.startswith("Int") else float(state)

    @property
    def min(self):
        return self._traits["min"]

    @property
    def max(self):
        return self._traits["max"]

    @property
    def step(self):
        return self._traits["step"]


class _Flag(_Control):
    def _fit(self, value):
        if not isinstance(value, (bool, np.bool_)):
            raise TraitError(f"The 'value' trait of {_a(self.kind)} instance expected a boolean, not {_what(value)}.")
        return bool(value)


class _Words(_Control):
    def _fit(self, value):
        if not isinstance(value, str):
            raise TraitError(f"The 'value' trait of {_a(self.kind)} instance expected a unicode string, not {_what(value)}.")
        return value

    def _empty(self):
        return ""


class _Choice(_Control):
    """One of several values, each with a label; the front end knows their numbers."""

    def __init__(self, kind, options, value, index, traits, style, layout):
        if isinstance(options, dict):
            pairs = list(options.items())
        else:
            options = list(options)
            paired = len(options) > 0 and all([isinstance(option, (list, tuple)) and len(option) == 2 for option in options])
            pairs = [tuple(option) for option in options] if paired else [(str(option), option) for option in options]
        self._labels, self._values = [str(label) for label, _ in pairs], [value for _, value in pairs]
        self._options = options
        if index is not _UNSET:
            if index is not None and not 0 <= index < len(pairs):
                raise TraitError("Invalid selection: index out of bounds")
        elif value is _UNSET:
            index = 0 if pairs else None
        else:
            index = None if value is None and None not in self._values else self._find(value)
        self.index = index
        super().__init__(kind, None if index is None else self._values[index], traits, style, layout)

    def _find(self, value):
        for i in range(len(self._values)):
            if self._values[i] is value or self._values[i] == value:
                return i
        raise TraitError("Invalid selection: value not found")

    @property
    def options(self):
        return self._options if isinstance(self._options, dict) else tuple(self._options)

    @property
    def label(self):
        return None if self.index is None else self._labels[self.index]

    def _fit(self, value):
        if value is not None or None in self._values:
            self._find(value)
        return value

    def _take(self, value):
        index = None if value is None and None not in self._values else self._find(value)
        changed = index != self.index
        self.index, self._value = index, value
        return changed

    def _sent(self):
        return {"index": self.index, "_options_labels": self._labels}

    def _received(self, state):
        return None if state is None else self._values[int(state)]

    def __repr__(self):
        words = [f"{name}={self._traits[name]!r}" for name in sorted(self._traits) if self._traits[name] != self._defaults[name]]
        words += [f"index={self.index}"] if self.index else []
        return f"{self.kind}({', '.join(words + [f'options={self.options!r}', f'value={self._value!r}'])})"


class _Push(_Widget):
    """A button: its clicks run what is behind it."""

    def __init__(self, description, run):
        super().__init__("Button")
        self.description, self.run = description, run

    def _state(self):
        return {"description": self.description}

    def _changed(self, state):
        return [self.run]

    def __repr__(self):
        return f"Button(description={self.description!r}, style=ButtonStyle())"


class _Fixed:
    """A value that `interact` passes on, without a control."""

    def __init__(self, value):
        self.value = value

    def __repr__(self):
        return f"fixed({self.value!r})"


def fixed(value):
    """A value that `interact` passes on, without a control.

    >>> interact(lambda a, k: a[:k].sum(), a=fixed(np.arange(8)), k=(0, 8))
    """
    return _Fixed(value)


def _a(kind):
    return f"an {kind}" if kind[0] in "AEIO" else f"a {kind}"


def _what(value):
    return f"the {type(value).__name__} {value!r}"


def _texts(name, given):
    given = {} if given is None else given
    if not isinstance(given, dict) or not all([isinstance(key, str) and isinstance(value, str) for key, value in given.items()]):
        raise NotImplementedError(f"{name}= as anything but a dict of texts, as {name}={{'width': '20em'}}")
    return given


def _about(description, disabled, more):
    return [("description", description, ""), ("disabled", bool(disabled), False)] + more


def _slider(kind, value, min, max, step, defaults, about):
    lowest, highest, by = defaults
    low = lowest if min is None else min
    high = highest if max is None else max
    by = by if step is None else step
    for name, given in [("min", low), ("max", high), ("step", by)]:
        fits = (int, np.integer) if kind == "IntSlider" else (int, float, np.integer, np.floating)
        if not isinstance(given, fits):
            raise TraitError(f"The '{name}' trait of {_a(kind)} instance expected {'an int' if kind == 'IntSlider' else 'a float'}, not {_what(given)}.")
    cast = int if kind == "IntSlider" else float
    low, high, by = cast(low), cast(high), cast(by)
    if high < low:
        raise TraitError("setting max < min")
    first = low if value is None and not low <= 0 <= high else 0
    more = [("min", low, lowest), ("max", high, highest), ("step", by, defaults[2])]
    description, disabled, continuous_update, orientation, readout, readout_format, style, layout = about
    if orientation not in ("horizontal", "vertical"):
        raise TraitError(f"The 'orientation' trait of {_a(kind)} instance expected any of ['horizontal', 'vertical'], not {_what(orientation)}.")
    more += [("continuous_update", bool(continuous_update), True), ("orientation", orientation, "horizontal"),
             ("readout", bool(readout), True), ("readout_format", readout_format, "d" if kind == "IntSlider" else ".2f")]
    return _Number(kind, first if value is None else value, _about(description, disabled, more), style, layout)


def IntSlider(value=None, min=None, max=None, step=None, *, description="", disabled=False, continuous_update=True,
              orientation="horizontal", readout=True, readout_format="d", style=None, layout=None):
    """A slider over ints, for `interact` or to be shown by itself.

    >>> interact(lambda n: n * n, n=IntSlider(value=3, min=1, max=9, description='side'))
    """
    return _slider("IntSlider", value, min, max, step, (0, 100, 1),
                   (description, disabled, continuous_update, orientation, readout, readout_format, style, layout))


def FloatSlider(value=None, *, min=None, max=None, step=None, description="", disabled=False, continuous_update=True,
                orientation="horizontal", readout=True, readout_format=".2f", style=None, layout=None):
    """A slider over floats, for `interact` or to be shown by itself.

    >>> interact(lambda t: t / 2, t=FloatSlider(value=0.5, max=1, continuous_update=False))
    """
    return _slider("FloatSlider", value, min, max, step, (0.0, 100.0, 0.1),
                   (description, disabled, continuous_update, orientation, readout, readout_format, style, layout))


def IntText(value=0, *, description="", disabled=False, style=None, layout=None):
    """A field for an int.

    >>> interact(lambda n: n + 1, n=IntText(7))
    """
    return _Number("IntText", value, _about(description, disabled, []), style, layout)


def FloatText(value=0.0, *, description="", disabled=False, style=None, layout=None):
    """A field for a float.

    >>> interact(lambda t: t + 1, t=FloatText(7.5))
    """
    return _Number("FloatText", value, _about(description, disabled, []), style, layout)


def Checkbox(value=False, *, description="", disabled=False, indent=True, style=None, layout=None):
    """A box to tick: True or False.

    >>> interact(lambda flag: not flag, flag=Checkbox(True))
    """
    return _Flag("Checkbox", value, _about(description, disabled, [("indent", bool(indent), True)]), style, layout)


def ToggleButton(value=False, *, description="", disabled=False, icon="", style=None, layout=None):
    """A button that stays pressed: True or False.

    >>> interact(lambda flag: not flag, flag=ToggleButton(True))
    """
    return _Flag("ToggleButton", value, _about(description, disabled, [("icon", icon, "")]), style, layout)


def Text(value="", *, description="", disabled=False, placeholder="\u200b", continuous_update=True, style=None, layout=None):
    """A line of text.

    >>> interact(lambda name: name.upper(), name=Text('rank'))
    """
    more = [("placeholder", placeholder, "\u200b"), ("continuous_update", bool(continuous_update), True)]
    return _Words("Text", value, _about(description, disabled, more), style, layout)


def Dropdown(*, options=(), value=_UNSET, index=_UNSET, description="", disabled=False, style=None, layout=None):
    """One of several values, from a list: a dict has labels for them, as has a list of pairs.

    >>> interact(lambda dist: dist, dist=Dropdown(options={'blocks': 'b', 'cyclic': 'c'}))
    """
    return _Choice("Dropdown", options, value, index, _about(description, disabled, []), style, layout)


def RadioButtons(*, options=(), value=_UNSET, index=_UNSET, description="", disabled=False, style=None, layout=None):
    """One of several values, all in view.

    >>> interact(lambda n: n, n=RadioButtons(options=[1, 10, 100], value=10))
    """
    return _Choice("RadioButtons", options, value, index, _about(description, disabled, []), style, layout)
