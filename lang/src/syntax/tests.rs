//! Whole programs that must parse, and that tests cut to pieces.

/// Programs as people write them, with what trips a parser.
pub const PROGRAMS: &[&str] = &[
    r#"import numpy as np
from numpy import (sin, cos as c,
                   pi)

def step(u, dt=0.1, *, steps=1):
    """One step.

    Of many."""
    for _ in range(steps):
        u[1:-1] += dt * (u[2:] - 2 * u[1:-1] + u[:-2])
    else:
        pass
    return u

u = np.zeros((8, 8)); u[0, ...] = 1.0
while u.max() > 1e-3 and not u.any():
    u = step(u, dt=.25)
    if u[0, 0] < 0: break
    elif u[0, 0] == 0:
        continue
print(f"{u.sum():>{10}.3f} {u.shape!r} {pi = }", end='')
"#,
    r#"class Grid(Base):
    """A grid."""
    count = 0

    @property
    def size(self) -> int:
        return self.n ** 2

    @staticmethod
    def of(*shape, order: str = "C", **rest):
        with np.errstate(divide="ignore"), lock as key:
            return [*shape, order, {**rest}]

def run(grid):
    try:
        if (n := grid.size) > 3:
            raise ValueError(f"{n}") from None
    except (ValueError, KeyError) as error:
        try:
            print(*error.args, sep="")
        finally:
            raise
    except TypeError:
        pass
    else:
        return n, *grid
    finally:
        grid.close()
"#,
];

#[test]
fn programs_parse() {
    for program in PROGRAMS {
        let parsed = super::parse(program);
        assert_eq!(parsed.diagnostics, [], "{program}");
    }
}
