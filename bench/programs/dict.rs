//! Hash maps: counting by int keys and by string keys, then going through both.

use std::collections::HashMap;

pub fn run(n: i64) -> i64 {
    let words: Vec<String> = (0..1000).map(|i| format!("word{i}")).collect();
    let mut by_number = HashMap::new();
    let mut by_word = HashMap::new();
    let mut seed = 42;
    for _ in 0..n {
        seed = seed * 16807 % 2147483647;
        let number = seed % 5000;
        *by_number.entry(number).or_insert(0) += 1;
        let word = words[(seed % 1000) as usize].as_str();
        *by_word.entry(word).or_insert(0) += number;
    }
    let mut total = 0;
    for (number, count) in &by_number {
        total += number * count % 1000;
    }
    for count in by_word.values() {
        total += count % 1000;
    }
    total
}
