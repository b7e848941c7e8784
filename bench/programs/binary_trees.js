// Allocation: many small trees, built and dropped.
class Node {
  constructor(left, right) {
    this.left = left;
    this.right = right;
  }
}

function build(depth) {
  if (depth === 0) {
    return new Node(null, null);
  }
  return new Node(build(depth - 1), build(depth - 1));
}

function count(node) {
  if (node.left === null) {
    return 1;
  }
  return 1 + count(node.left) + count(node.right);
}

function run(depth) {
  const longLived = build(depth);
  let total = 0;
  for (let d = 4; d <= depth; d += 2) {
    let turns = 1;
    for (let i = 0; i < depth - d; i++) {
      turns *= 2;
    }
    for (let i = 0; i < turns; i++) {
      total += count(build(d));
    }
  }
  return total + count(longLived);
}

console.log(run(Number(process.argv[2])));
