//! The boundaries that `docs/architecture.md` states as absences.

use std::path::{Path, PathBuf};

/// A folder, what none of its sources may say, and the sources that may: tests of the crate itself.
struct Boundary {
    folder: &'static str,
    words: &'static [&'static str],
    except: &'static [&'static str],
}

const BOUNDARIES: &[Boundary] = &[
    Boundary {
        folder: "lang/src",
        words: &[
            "std::fs",
            "std::io",
            "std::net",
            "std::thread",
            "std::process",
            "println!",
            "zmq::",
            "engines::",
        ],
        except: &["tests.rs", "fuzz.rs", "golden.rs"],
    },
    Boundary {
        folder: "engines/src",
        words: &["mpi::", "jupyter_protocol", "plotters::", "kernel::"],
        except: &["bin/"],
    },
    Boundary { folder: "kernel/src", words: &["mpi::"], except: &[] },
];

#[test]
fn crates_keep_to_their_side() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for boundary in BOUNDARIES {
        let mut files = Vec::new();
        sources(&root.join(boundary.folder), &mut files);
        assert!(!files.is_empty(), "{} has no sources", boundary.folder);
        for file in files {
            let name = file.to_string_lossy().into_owned();
            if boundary.except.iter().any(|e| name.contains(e)) {
                continue;
            }
            let text = std::fs::read_to_string(&file).expect("a source");
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            for (word, line) in code.flat_map(|line| boundary.words.iter().map(move |word| (word, line))) {
                assert!(!line.contains(word), "{name} says {word}: {line}");
            }
        }
    }
}

fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
}
