//! Layouts: their description, what contradicts, placement, results, slices.

use crate::layout::{
    DimSpec, DistSpec, Index, Layout, View, default_layout, elementwise, reduced, transposed,
};

fn layout(shape: &[usize], dist: &str, team: usize) -> Layout {
    Layout::new(shape, &DistSpec::parse(dist).unwrap(), team, None, None).unwrap()
}

#[test]
fn layouts_describe_themselves() {
    for (shape, dist, team, text) in [
        (&[100, 50][..], "b", 4, "b,n on 4x1"),
        (&[100, 100], "bb", 4, "b,b on 2x2"),
        (&[100], "c", 4, "c on 4"),
        (&[100, 7], "nc3", 3, "n,c3 on 1x3"),
        (&[100], "n", 4, "n on rank 0"),
        (&[], "", 4, "on rank 0"),
        (&[100], "r", 4, "replicated on 4 ranks"),
        (&[100], "b", 1, "b on rank 0"),
    ] {
        assert_eq!(layout(shape, dist, team).describe(), text);
    }
    let bounds = DistSpec::Dims(vec![DimSpec::Bounds(vec![0, 2, 9])]);
    assert_eq!(
        Layout::new(&[9], &bounds, 2, None, Some(&[1, 0])).unwrap().describe(),
        "b(0, 2, 9) on 2, ranks (1, 0)"
    );
}

#[test]
fn contradictions_are_refused() {
    let check = |shape: &[usize],
                 dist: &str,
                 team,
                 grid: Option<&[usize]>,
                 targets: Option<&[usize]>,
                 message: &str| {
        let found =
            Layout::new(shape, &DistSpec::parse(dist).unwrap(), team, grid, targets).unwrap_err().message;
        assert_eq!(found, message);
    };
    check(&[4, 4], "bb", 4, Some(&[2, 3]), None, "this dist needs 6 processes, but there are 4");
    check(&[4, 4], "bb", 4, Some(&[2]), None, "grid (2,) has 1 extents, but the array has 2 dimensions");
    check(
        &[4, 4],
        "bn",
        4,
        Some(&[2, 2]),
        None,
        "grid (2, 2): axis 1 has extent 2, but 'n' (not distributed) needs 1",
    );
    check(&[4, 4], "bb", 4, Some(&[0, 2]), None, "grid (0, 2): every extent must be at least 1");
    check(&[4], "b", 4, None, Some(&[4]), "targets name rank 4, but the ranks are 0 to 3");
    check(&[4], "b", 4, None, Some(&[1, 1]), "targets name rank 1 twice");
    check(&[4], "b", 4, None, Some(&[]), "targets must name at least one rank");
    check(&[4], "r", 4, Some(&[2]), None, "a replicated array (dist='r') has no process grid");
    let lists = DistSpec::Dims(vec![DimSpec::Whole, DimSpec::Unstructured(vec![vec![0], vec![1, 1]])]);
    let error = Layout::new(&[4, 2], &lists, 2, None, None).unwrap_err();
    assert_eq!(error.message, "axis 1: unstructured dist: index 1 is given twice (processes 1 and 1)");
    let error = Layout::new(&[4, 2], &lists, 1, None, None).unwrap_err();
    assert_eq!(error.message, "this dist needs 2 processes, but there are 1");
}

#[test]
fn grids_smaller_than_the_team_use_the_first_targets() {
    let spec = DistSpec::parse("bb").unwrap();
    let part = Layout::new(&[6, 6], &spec, 8, Some(&[2, 2]), Some(&[7, 5, 3, 1, 0])).unwrap();
    assert_eq!(&part.ranks[..], [7, 5, 3, 1]);
    assert_eq!(part.owner_of(&[5, 0]), Some((3, vec![2, 0])));
    assert_eq!((part.coords(0), part.local_shape(0), part.local_size(0)), (None, vec![0, 0], 0));
}

#[test]
fn empty_and_tiny_arrays_are_ordinary() {
    let tiny = layout(&[2], "b", 5);
    assert_eq!((0..5).map(|r| tiny.local_size(r)).collect::<Vec<_>>(), [1, 1, 0, 0, 0]);
    let none = layout(&[0, 3], "bb", 6);
    assert!((0..6).all(|r| none.local_size(r) == 0));
    let point = layout(&[], "b", 3);
    assert_eq!((0..3).map(|r| point.local_size(r)).collect::<Vec<_>>(), [1, 0, 0]);
    assert_eq!(point.owner_of(&[]), Some((0, vec![])));
}

#[test]
fn placement_is_what_counts() {
    let same = |a: &Layout, b: &Layout| {
        assert_eq!(a.same_placement(b), b.same_placement(a));
        a.same_placement(b)
    };
    assert!(same(&layout(&[8], "b", 1), &layout(&[8], "r", 1)));
    assert!(same(&layout(&[8], "b", 4), &layout(&[8], "c2", 4)));
    assert!(same(
        &layout(&[4, 3], "bn", 4),
        &Layout::new(&[4, 3], &DistSpec::parse("cb").unwrap(), 4, Some(&[4, 1]), None).unwrap()
    ));
    assert!(!same(&layout(&[8], "b", 4), &layout(&[8], "c", 4)));
    assert!(!same(&layout(&[8], "r", 4), &layout(&[8], "n", 4)));
    assert!(!same(&layout(&[8], "b", 2), &layout(&[8], "b", 4)));
    assert!(!same(&layout(&[8], "b", 2), &layout(&[9], "b", 2)));
}

#[test]
fn results_get_layouts_by_rule() {
    let b = DistSpec::parse("bb").unwrap();
    assert_eq!(default_layout(&[100], 4, 99, &b).describe(), "b on 4");
    assert_eq!(default_layout(&[100], 4, 100, &b).describe(), "replicated on 4 ranks");
    assert_eq!(default_layout(&[8, 8, 8], 4, 10, &b).describe(), "b,b,n on 2x2x1");
    assert!(default_layout(&[], 4, 0, &b).is_replicated());

    let (bn, nb, r) = (layout(&[8, 8], "bn", 4), layout(&[8, 8], "nb", 4), Layout::replicated(&[8, 8], 4));
    let row = layout(&[8], "b", 4);
    let new = || layout(&[8, 8], "cc", 4);
    for (operands, expected) in [
        (&[&r, &bn][..], &bn),
        (&[&nb, &bn], &nb),
        (&[&row, &bn], &bn),
        (&[&r, &r], &r),
        (&[&row, &r], &new()),
        (&[&row, &row], &new()),
    ] {
        assert_eq!(elementwise(operands, &[8, 8], new), *expected);
    }

    let cube = Layout::new(&[4, 6, 8], &b, 6, Some(&[2, 3, 1]), None).unwrap();
    assert_eq!(reduced(&cube, &[true, false, false], false).describe(), "b,n on 3x1");
    assert_eq!(reduced(&cube, &[false, true, false], false).describe(), "b,n on 2x1, ranks (0, 3)");
    assert_eq!(reduced(&cube, &[false, true, true], true).describe(), "b,n,n on 2x1x1, ranks (0, 3)");
    assert_eq!(reduced(&cube, &[true, true, true], false).describe(), "on rank 0");
    assert!(reduced(&r, &[true, true], false).is_replicated());
    let turned = transposed(&cube, &[1, 2, 0]);
    assert_eq!(turned.describe(), "b,n,b on 3x1x2, ranks (0, 3, 1, 4, 2, 5)");
    assert_eq!(turned, View::identity(&[4, 6, 8]).transpose(&[1, 2, 0]).layout(&cube));
}

#[test]
fn slices_keep_a_name() {
    let slice = |start, stop, step| Index::Slice { start, stop, step: Some(step) };
    let check = |dist: &str, item: Index, text: &str| {
        let view = View::identity(&[12]).index(&[item]).unwrap();
        assert_eq!(view.layout(&layout(&[12], dist, 3)).describe(), text, "{dist}");
    };
    check("b", slice(Some(1), None, 1), "b(0, 3, 7, 11) on 3");
    check("b", slice(None, None, -1), "b on 3, ranks (2, 1, 0)");
    check("b", slice(None, None, 2), "b on 3");
    check("b", Index::Int(5), "on rank 1");
    check("c", slice(Some(1), None, 1), "c on 3, ranks (1, 2, 0)");
    check("c", slice(None, None, 2), "c on 3, ranks (0, 2, 1)");
    check("c", slice(None, None, 3), "c on rank 0");
    check("c2", slice(Some(2), None, 1), "c2 on 3, ranks (1, 2, 0)");
    check("c2", slice(Some(1), None, 1), "u on 3");
    check("r", slice(Some(1), None, 1), "replicated on 3 ranks");
}
