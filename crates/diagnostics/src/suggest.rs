//! "Did you mean": the known name that is nearest to a misspelt one.

/// Names longer than this are not compared: nobody misspells them by a letter.
const MAX_LEN: usize = 64;

/// The candidate nearest to `name`, if one is near enough to be meant: at most a third of its letters changed,
/// added, left out or swapped with a neighbour (restricted Damerau–Levenshtein distance). Ties go to the first.
///
/// Costs the product of the two lengths for each candidate; lengths are bounded.
#[must_use]
pub fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted: Vec<char> = name.chars().take(MAX_LEN + 1).collect();
    let allowed = (wanted.len() / 3).max(1);
    if wanted.len() > MAX_LEN {
        return None;
    }
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        if candidate == name || candidate.len() > 4 * MAX_LEN {
            continue;
        }
        if candidate.eq_ignore_ascii_case(name) {
            return Some(candidate);
        }
        let letters: Vec<char> = candidate.chars().collect();
        if letters.len().abs_diff(wanted.len()) > allowed {
            continue;
        }
        let distance = distance(&wanted, &letters);
        // A name of one or two letters is near to everything: only accept real likeness.
        let near = distance <= allowed && distance < wanted.len().max(letters.len());
        if near && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, it)| it)
}

fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1; b.len() + 1];
        for (j, y) in b.iter().enumerate() {
            let change = last[j] + usize::from(x != y);
            let mut least = change.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                least = least.min(before[j - 1] + 1);
            }
            row[j + 1] = least;
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn finds_slips_of_the_finger_and_nothing_else() {
        let names = ["print", "println", "parse_int", "length"];
        assert_eq!(closest("pritn", names), Some("print"));
        assert_eq!(closest("Print", names), Some("print"));
        assert_eq!(closest("parseint", names), Some("parse_int"));
        assert_eq!(closest("zebra", names), None);
        assert_eq!(closest("x", ["y", "xs"]), Some("xs"));
    }
}
