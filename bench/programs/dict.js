// Maps: counting by int keys and by string keys, then going through both.
function run(n) {
  const words = [];
  for (let i = 0; i < 1000; i++) {
    words.push("word" + String(i));
  }
  const byNumber = new Map();
  const byWord = new Map();
  let seed = 42;
  for (let i = 0; i < n; i++) {
    seed = seed * 16807 % 2147483647;
    const number = seed % 5000;
    if (byNumber.has(number)) {
      byNumber.set(number, byNumber.get(number) + 1);
    } else {
      byNumber.set(number, 1);
    }
    const word = words[seed % 1000];
    if (byWord.has(word)) {
      byWord.set(word, byWord.get(word) + number);
    } else {
      byWord.set(word, number);
    }
  }
  let total = 0;
  for (const [number, count] of byNumber) {
    total += number * count % 1000;
  }
  for (const count of byWord.values()) {
    total += count % 1000;
  }
  return total;
}

console.log(run(Number(process.argv[2])));
