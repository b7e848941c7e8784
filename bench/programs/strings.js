// Strings: join, split, replace, search, upper case and comparison of small texts.
function run(n) {
  let total = 0;
  for (let i = 0; i < n; i++) {
    const parts = [];
    for (let k = 0; k < 8; k++) {
      parts.push("item" + String(i * 8 + k));
    }
    const text = parts.join(",");
    const upper = text.toUpperCase();
    const shorter = upper.replaceAll("ITEM", "x");
    for (const word of shorter.split(",")) {
      total += word.length;
      if (word > "x5") {
        total += 1;
      }
    }
    total += text.indexOf(String(i * 8 + 7));
  }
  return total;
}

console.log(run(Number(process.argv[2])));
