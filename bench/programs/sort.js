// Sorting: a heap sort written in the language, checked against the one that is built in.
function siftDown(xs, start, end) {
  let root = start;
  const item = xs[root];
  while (true) {
    let child = 2 * root + 1;
    if (child >= end) {
      break;
    }
    if (child + 1 < end && xs[child] < xs[child + 1]) {
      child += 1;
    }
    if (item >= xs[child]) {
      break;
    }
    xs[root] = xs[child];
    root = child;
  }
  xs[root] = item;
  return xs;
}

function heapSort(xs) {
  const n = xs.length;
  let start = n;
  while (start > 0) {
    start -= 1;
    if (2 * start + 1 < n) {
      xs = siftDown(xs, start, n);
    }
  }
  let end = n - 1;
  while (end > 0) {
    const last = xs[end];
    xs[end] = xs[0];
    xs[0] = last;
    xs = siftDown(xs, 0, end);
    end -= 1;
  }
  return xs;
}

function run(n) {
  const xs = [];
  let seed = 42;
  for (let i = 0; i < n; i++) {
    seed = seed * 16807 % 2147483647;
    xs.push(seed % 1000000);
  }
  const theirs = xs.slice().sort((a, b) => a - b);
  const ours = heapSort(xs);
  let total = 0;
  for (let i = 0; i < n; i++) {
    if (ours[i] !== theirs[i]) {
      throw new Error("not sorted");
    }
    total = (total * 31 + ours[i]) % 1000003;
  }
  return total;
}

console.log(run(Number(process.argv[2])));
