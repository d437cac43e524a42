//! Places in long texts: Python's strings are indexed by characters, ours are UTF-8.
//!
//! Where a character begins is found from marks that are set once for a text and kept for the next question about it, so
//! that a loop over the places of a text costs a constant at each.

use std::cell::RefCell;
use std::rc::Rc;

/// Texts whose marks are kept.
const KEPT: usize = 4;
/// Shorter texts are looked through.
const LONG: usize = 64;
/// Characters between two marks.
const EVERY: usize = 32;

/// Where the characters of a text begin.
#[derive(Clone)]
pub struct Places {
    text: Rc<str>,
    /// The number of characters.
    pub len: usize,
    /// The byte at which every 32nd character begins; none of a text in ASCII.
    marks: Rc<[usize]>,
}

thread_local! {
    /// They hold their texts, so that an address stands for one.
    static LAST: RefCell<Vec<Places>> = const { RefCell::new(Vec::new()) };
}

impl Places {
    pub fn of(text: &Rc<str>) -> Places {
        if text.len() < LONG {
            return Places::find(text);
        }
        LAST.with_borrow_mut(|last| {
            if let Some(known) = last.iter().find(|places| Rc::ptr_eq(&places.text, text)) {
                return known.clone();
            }
            last.truncate(KEPT - 1);
            last.insert(0, Places::find(text));
            last[0].clone()
        })
    }

    fn find(text: &Rc<str>) -> Places {
        let (marks, len): (Vec<usize>, usize) = match text.is_ascii() {
            true => (Vec::new(), text.len()),
            false => (text.char_indices().step_by(EVERY).map(|(at, _)| at).collect(), text.chars().count()),
        };
        Places { text: text.clone(), len, marks: marks.into() }
    }

    /// The byte at which a character begins; the text's end for the one behind the last.
    pub fn byte(&self, at: usize) -> usize {
        if self.marks.is_empty() {
            return at.min(self.text.len());
        }
        let mark = self.marks.get(at / EVERY).copied().unwrap_or(self.text.len());
        self.text[mark..].char_indices().nth(at % EVERY).map_or(self.text.len(), |(more, _)| mark + more)
    }

    /// The character at a place that there is.
    pub fn char(&self, at: usize) -> &str {
        let from = self.byte(at);
        let width = self.text[from..].chars().next().map_or(0, char::len_utf8);
        &self.text[from..from + width]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_found() {
        for text in ["", "abc", "é", &"aé日b🙂".repeat(50), &"plain".repeat(50)] {
            let text: Rc<str> = Rc::from(text);
            for _ in 0..2 {
                let places = Places::of(&text);
                let want: Vec<(usize, char)> = text.char_indices().collect();
                assert_eq!(places.len, want.len());
                for (i, (at, c)) in want.iter().enumerate() {
                    assert_eq!((places.byte(i), places.char(i)), (*at, c.to_string().as_str()));
                }
                assert_eq!(places.byte(want.len()), text.len());
            }
        }
    }
}
