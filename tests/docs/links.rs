//! Links between the pages, and the book's list of them.

use std::path::{Path, PathBuf};

use crate::docs;

fn pages() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(docs()).expect("docs").map(|e| e.expect("an entry").path());
    entries.filter(|path| path.extension().is_some_and(|e| e == "md")).collect()
}

/// Where the links of a page lead, without what lies on the web or on the page itself.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let all = text.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next());
    all.filter(|link| !link.contains("://") && !link.starts_with('#'))
}

#[test]
fn every_link_leads_somewhere() {
    let readme = docs().join("../README.md");
    let mut count = 0;
    for page in pages().into_iter().chain([readme]).filter(|page| !page.ends_with("reference.md")) {
        let text = std::fs::read_to_string(&page).expect("a page");
        // Code has brackets of its own.
        let prose: String = text.split("```").step_by(2).collect();
        for link in links(&prose).filter(|link| link.contains('.')) {
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let there = page.parent().unwrap_or(Path::new("")).join(file);
            let found = std::fs::read_to_string(&there);
            let is_page = there.extension().is_some_and(|e| e == "md");
            assert!(there.exists(), "{}: there is no {file}", page.display());
            if let (Ok(found), true, false) = (found, is_page, anchor.is_empty()) {
                let mut headings = found.lines().filter(|line| line.starts_with('#')).map(name);
                assert!(headings.any(|name| name == anchor), "{}: {file} has no #{anchor}", page.display());
            }
            count += 1;
        }
    }
    assert!(count > 10, "only {count} links were found");
}

/// What a heading is called in links.
fn name(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = text.chars().filter(|c| c.is_alphanumeric() || *c == ' ' || *c == '-' || *c == '_');
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[test]
fn every_page_is_in_the_book() {
    let summary = std::fs::read_to_string(docs().join("SUMMARY.md")).expect("the book's list");
    let listed: Vec<&str> = links(&summary).collect();
    for page in pages() {
        let name = page.file_name().unwrap_or_default().to_string_lossy().into_owned();
        assert!(name == "SUMMARY.md" || listed.contains(&name.as_str()), "docs/SUMMARY.md lacks {name}");
    }
}
