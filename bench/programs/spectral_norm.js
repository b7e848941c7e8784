// Floats in arrays and small functions: the spectral norm of an infinite matrix.
function a(i, j) {
  const ij = i + j;
  return 1.0 / (ij * (ij + 1) * 0.5 + i + 1.0);
}

function times(v, n) {
  const out = [];
  for (let i = 0; i < n; i++) {
    let sum = 0.0;
    for (let j = 0; j < n; j++) {
      sum += a(i, j) * v[j];
    }
    out.push(sum);
  }
  return out;
}

function timesTransposed(v, n) {
  const out = [];
  for (let i = 0; i < n; i++) {
    let sum = 0.0;
    for (let j = 0; j < n; j++) {
      sum += a(j, i) * v[j];
    }
    out.push(sum);
  }
  return out;
}

function run(n) {
  let u = [];
  for (let i = 0; i < n; i++) {
    u.push(1.0);
  }
  let v = [];
  for (let i = 0; i < 10; i++) {
    v = timesTransposed(times(u, n), n);
    u = timesTransposed(times(v, n), n);
  }
  let vbv = 0.0;
  let vv = 0.0;
  for (let i = 0; i < n; i++) {
    vbv += u[i] * v[i];
    vv += v[i] * v[i];
  }
  return Math.floor(Math.sqrt(vbv / vv) * 1000000000.0);
}

console.log(run(Number(process.argv[2])));
