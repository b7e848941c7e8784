// The same with a quick sort written in the language.
function partition(xs, low, high, before) {
  const middle = Math.floor((low + high) / 2);
  const pivot = xs[middle];
  xs[middle] = xs[high];
  xs[high] = pivot;
  let at = low;
  for (let i = low; i < high; i++) {
    const x = xs[i];
    if (before(x, pivot)) {
      xs[i] = xs[at];
      xs[at] = x;
      at += 1;
    }
  }
  xs[high] = xs[at];
  xs[at] = pivot;
  return at;
}

function quickSort(xs, low, high, before) {
  while (low < high) {
    const at = partition(xs, low, high, before);
    quickSort(xs, low, at - 1, before);
    low = at + 1;
  }
}

function run(n) {
  const records = [];
  for (let i = 0; i < n; i++) {
    records.push(record(i));
  }
  quickSort(records, 0, n - 1, (a, b) => a.before(b));
  let total = 0;
  for (const it of records) {
    total = (total * 31 + it.id()) % 1000003;
  }
  return total;
}
