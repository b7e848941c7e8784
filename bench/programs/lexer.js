// Text, one character at a time: words, numbers and operators of a small program.
function sourceText() {
  return "func area(width, height) { let size := width * height + 42; if size >= 100 { return size - 7 } return 3.25 } ";
}

function isLetter(c) {
  return c >= "a" && c <= "z" || c >= "A" && c <= "Z" || c === "_";
}

function isDigit(c) {
  return c >= "0" && c <= "9";
}

function scan(text) {
  const n = text.length;
  let words = 0;
  let numbers = 0;
  let operators = 0;
  let letters = 0;
  let at = 0;
  while (at < n) {
    const c = text[at];
    if (c === " ") {
      at += 1;
    } else if (isLetter(c)) {
      const start = at;
      while (at < n && (isLetter(text[at]) || isDigit(text[at]))) {
        at += 1;
      }
      letters += text.substring(start, at).length;
      words += 1;
    } else if (isDigit(c)) {
      while (at < n && (isDigit(text[at]) || text[at] === ".")) {
        at += 1;
      }
      numbers += 1;
    } else {
      operators += 1;
      at += 1;
    }
  }
  return [words, numbers, operators, letters];
}

function run(n) {
  const text = sourceText();
  let total = 0;
  for (let i = 0; i < n; i++) {
    const [words, numbers, operators, letters] = scan(text);
    total += words + 2 * numbers + 3 * operators + 4 * letters;
  }
  return total;
}

console.log(run(Number(process.argv[2])));
