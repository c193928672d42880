// The exact response in SIMD: the change of every layer's output, one anchor and a tile of probes at a time, in memory that
// the caller lays out. All numbers are float32, rows are padded with zeros to a multiple of 4, sizes count numbers and not
// bytes. `relu` alone is lazy: what stays off is 0 and is never computed with; so changes travel as lists of what is not 0.
// The plain reference is `push` of each layer, one folder up; a test holds the two together.

/** Long sums are taken in stretches of this many terms, whose rounding errors do not see each other. */
const stretch: i32 = 256;

/** Bounds are taken a little larger than their rounding. */
const slack: f32 = 1.00001;

function sumOf(v: v128): f64 {
  return (
    <f64>f32x4.extract_lane(v, 0) +
    <f64>f32x4.extract_lane(v, 1) +
    (<f64>f32x4.extract_lane(v, 2) + <f64>f32x4.extract_lane(v, 3))
  );
}

function addProduct(sum: v128, a: v128, b: v128): v128 {
  return f32x4.add(sum, f32x4.mul(a, b));
}

/** relu(z + d) - relu(z), without subtracting nearly equal numbers: max(d, -z) + min(z, 0). */
function rectified(z: v128, d: v128): v128 {
  return f32x4.add(f32x4.pmax(d, f32x4.neg(z)), f32x4.pmin(z, f32x4.splat(0)));
}

// ---- dense layers

/** Probes that `overlaps` takes together: a stretch of each stays in a core's nearest cache. */
const bundle: i32 = 16;

/**
 * out[k, p] = a[k] . x[p] + 1, the 1 being the bias. 2 anchors probes size operations; blocks of 2 x 4 inner products read
 * 6 numbers for 16 operations.
 * @param a [anchor, size] @param x [probe, size], of which `isRectified` takes what is above 0
 * @param scratch 16 stretch + 32 anchors numbers @param out [anchor, probe]
 */
export function overlaps(
  a: usize,
  anchors: i32,
  x: usize,
  probes: i32,
  size: i32,
  isRectified: bool,
  scratch: usize,
  out: usize,
): void {
  const row = (<usize>size) << 2;
  const totals = scratch + ((<usize>(bundle * stretch)) << 2);
  for (let p = 0; p < probes; p += bundle) {
    const count = min(bundle, probes - p);
    memory.fill(totals, 0, (<usize>(anchors * bundle)) << 3);
    for (let from = 0; from < size; from += stretch) {
      const start = (<usize>from) << 2;
      const span = min(row - start, (<usize>stretch) << 2);
      bundled(x + <usize>p * row + start, count, row, span, isRectified, scratch);
      for (let k = 0; k < anchors; k += 2) {
        const near = a + <usize>k * row + start;
        const isPair = k + 1 < anchors;
        for (let q = 0; q < count; q += 4)
          addProducts(
            near,
            isPair ? near + row : near,
            scratch + <usize>q * span,
            span,
            totals + ((<usize>(k * bundle + q)) << 3),
            isPair,
          );
      }
    }
    for (let k = 0; k < anchors; k++)
      for (let q = 0; q < count; q++)
        store<f32>(
          out + ((<usize>k * <usize>probes + <usize>(p + q)) << 2),
          <f32>(load<f64>(totals + ((<usize>(k * bundle + q)) << 3)) + 1),
        );
  }
}

/** A stretch of some probes, four by four, [probe / 4, item / 4, probe, 4]; missing probes are the last one again. */
function bundled(x: usize, count: i32, row: usize, span: usize, isRectified: bool, to: usize): void {
  for (let q = 0; q < count; q += 4) {
    const group = to + <usize>q * span;
    for (let i = 0; i < 4; i++) {
      const from = x + <usize>min(q + i, count - 1) * row;
      const goal = group + ((<usize>i) << 4);
      if (isRectified)
        for (let at: usize = 0; at < span; at += 16)
          v128.store(goal + (at << 2), f32x4.pmax(v128.load(from + at), f32x4.splat(0)));
      else for (let at: usize = 0; at < span; at += 16) v128.store(goal + (at << 2), v128.load(from + at));
    }
  }
}

/** totals[k, p] += a[k] . x[p] over a stretch, for two anchors (or one) and four probes. */
function addProducts(a0: usize, a1: usize, x: usize, span: usize, totals: usize, isPair: bool): void {
  let s00 = f32x4.splat(0),
    s01 = f32x4.splat(0),
    s02 = f32x4.splat(0),
    s03 = f32x4.splat(0);
  let s10 = f32x4.splat(0),
    s11 = f32x4.splat(0),
    s12 = f32x4.splat(0),
    s13 = f32x4.splat(0);
  let from = x;
  for (let at: usize = 0; at < span; at += 16) {
    const u0 = v128.load(a0 + at);
    const u1 = v128.load(a1 + at);
    let v = v128.load(from);
    s00 = addProduct(s00, u0, v);
    s10 = addProduct(s10, u1, v);
    v = v128.load(from, 16);
    s01 = addProduct(s01, u0, v);
    s11 = addProduct(s11, u1, v);
    v = v128.load(from, 32);
    s02 = addProduct(s02, u0, v);
    s12 = addProduct(s12, u1, v);
    v = v128.load(from, 48);
    s03 = addProduct(s03, u0, v);
    s13 = addProduct(s13, u1, v);
    from += 64;
  }
  addSum(totals, s00);
  addSum(totals + 8, s01);
  addSum(totals + 16, s02);
  addSum(totals + 24, s03);
  if (!isPair) return;
  const next = totals + ((<usize>bundle) << 3);
  addSum(next, s10);
  addSum(next + 8, s11);
  addSum(next + 16, s12);
  addSum(next + 24, s13);
}

function addSum(total: usize, sum: v128): void {
  store<f64>(total, load<f64>(total) + sumOf(sum));
}

/** Probes that `project` takes together: a stretch of all of them stays in a core's own cache. */
const crowd: i32 = 256;

/**
 * out[p, u] = bias[u] + x[p] . W[u], a stretch of inputs after the other. 2 probes size units operations; blocks of 4 probes x
 * 8 units read 12 numbers for 64 operations, the weights of a block from a core's nearest cache. Who else is computed changes
 * nothing of a sum's order.
 * @param x [probe, input] @param weights [unit / 8, input, 8] @param bias [unit] @param size inputs, in whole 4s
 * @param probes, units in whole 4s and 8s @param scratch crowd stretch numbers @param out [probe, unit]
 */
export function project(
  x: usize,
  weights: usize,
  bias: usize,
  size: i32,
  probes: i32,
  units: i32,
  scratch: usize,
  out: usize,
): void {
  const row = (<usize>units) << 2;
  for (let p = 0; p < probes; p++) memory.copy(out + <usize>p * row, bias, row);
  for (let first = 0; first < probes; first += crowd) {
    const count = min(probes - first, crowd);
    const to = out + <usize>first * row;
    for (let from = 0; from < size; from += stretch) {
      const span = min(size - from, stretch);
      fourByFour(x + ((<usize>first * <usize>size + <usize>from) << 2), (<usize>size) << 2, count, span, scratch);
      for (let u = 0; u < units; u += 8) {
        const panel = weights + ((<usize>u * <usize>size) << 2) + ((<usize>from) << 5);
        for (let p = 0; p < count; p += 4)
          addBlock(
            scratch + ((<usize>p * <usize>span) << 2),
            panel,
            span,
            to + <usize>p * row + ((<usize>u) << 2),
            row,
          );
      }
    }
  }
}

/** A stretch of some rows, four by four: [row / 4, item, 4]. @param row bytes from row to row */
function fourByFour(x: usize, row: usize, rows: i32, span: i32, out: usize): void {
  let to = out;
  for (let r = 0; r < rows; r += 4) {
    let from = x + <usize>r * row;
    for (const end = from + ((<usize>span) << 2); from < end; from += 16) {
      const v0 = v128.load(from);
      const v1 = v128.load(from + row);
      const v2 = v128.load(from + 2 * row);
      const v3 = v128.load(from + 3 * row);
      const low01 = v128.shuffle<f32>(v0, v1, 0, 4, 1, 5);
      const low23 = v128.shuffle<f32>(v2, v3, 0, 4, 1, 5);
      const high01 = v128.shuffle<f32>(v0, v1, 2, 6, 3, 7);
      const high23 = v128.shuffle<f32>(v2, v3, 2, 6, 3, 7);
      v128.store(to, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
      v128.store(to, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7), 16);
      v128.store(to, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5), 32);
      v128.store(to, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7), 48);
      to += 64;
    }
  }
}

/** out[p, u] += x[p] . W[u] over a stretch, for four probes and eight units. @param row bytes from probe to probe */
function addBlock(x: usize, weights: usize, span: i32, out: usize, row: usize): void {
  let s00 = f32x4.splat(0),
    s01 = f32x4.splat(0),
    s10 = f32x4.splat(0),
    s11 = f32x4.splat(0);
  let s20 = f32x4.splat(0),
    s21 = f32x4.splat(0),
    s30 = f32x4.splat(0),
    s31 = f32x4.splat(0);
  let near = x;
  let from = weights;
  for (const end = x + ((<usize>span) << 4); near < end; near += 16) {
    const w0 = v128.load(from);
    const w1 = v128.load(from, 16);
    let v = v128.load32_splat(near);
    s00 = addProduct(s00, v, w0);
    s01 = addProduct(s01, v, w1);
    v = v128.load32_splat(near, 4);
    s10 = addProduct(s10, v, w0);
    s11 = addProduct(s11, v, w1);
    v = v128.load32_splat(near, 8);
    s20 = addProduct(s20, v, w0);
    s21 = addProduct(s21, v, w1);
    v = v128.load32_splat(near, 12);
    s30 = addProduct(s30, v, w0);
    s31 = addProduct(s31, v, w1);
    from += 32;
  }
  addEight(out, s00, s01);
  addEight(out + row, s10, s11);
  addEight(out + 2 * row, s20, s21);
  addEight(out + 3 * row, s30, s31);
}

function addEight(total: usize, low: v128, high: v128): void {
  v128.store(total, f32x4.add(v128.load(total), low));
  v128.store(total, f32x4.add(v128.load(total, 16), high), 16);
}

/** Appends the lanes that are not 0 to a list of places and values; returns its new length. */
function listed(d: v128, place: i32, places: usize, values: usize, length: i32): i32 {
  let n = length;
  const d0 = f32x4.extract_lane(d, 0);
  store<i32>(places + ((<usize>n) << 2), place);
  store<f32>(values + ((<usize>n) << 2), d0);
  n += i32(d0 !== 0);
  const d1 = f32x4.extract_lane(d, 1);
  store<i32>(places + ((<usize>n) << 2), place + 1);
  store<f32>(values + ((<usize>n) << 2), d1);
  n += i32(d1 !== 0);
  const d2 = f32x4.extract_lane(d, 2);
  store<i32>(places + ((<usize>n) << 2), place + 2);
  store<f32>(values + ((<usize>n) << 2), d2);
  n += i32(d2 !== 0);
  const d3 = f32x4.extract_lane(d, 3);
  store<i32>(places + ((<usize>n) << 2), place + 3);
  store<f32>(values + ((<usize>n) << 2), d3);
  return n + i32(d3 !== 0);
}

function isAnyOn(d: v128): bool {
  return v128.any_true(f32x4.ne(d, f32x4.splat(0)));
}

/** Where groups of four of a row are not all 0. @returns how many; their first places go to `groups` */
export function groupsOf(row: usize, size: i32, groups: usize): i32 {
  let n = 0;
  for (let at = 0; at < size; at += 4) {
    store<i32>(groups + ((<usize>n) << 2), at);
    n += i32(isAnyOn(v128.load(row + ((<usize>at) << 2))));
  }
  return n;
}

/**
 * The change of relu behind a dense layer whose input does not change: dz = c[p] delta. 7 operations a unit that the anchor
 * has on; those that it has off have delta = 0 and are left out by `groups`.
 * @param c [probe] @param delta [size] @param z the layer's output, [probe, size]
 * @param places, values [probe, size + 4] lists of what changes @param lengths [probe]
 */
export function rectifyStep(
  c: usize,
  delta: usize,
  groups: usize,
  groupCount: i32,
  z: usize,
  size: i32,
  probes: i32,
  places: usize,
  values: usize,
  lengths: usize,
): void {
  const row = (<usize>size) << 2;
  const listRow = row + 16;
  for (let p = 0; p < probes; p++) {
    const cp = v128.load32_splat(c + ((<usize>p) << 2));
    const zp = z + <usize>p * row;
    const to = <usize>p * listRow;
    let n = 0;
    for (let g = 0; g < groupCount; g++) {
      const at = load<i32>(groups + ((<usize>g) << 2));
      const byte = (<usize>at) << 2;
      const d = rectified(v128.load(zp + byte), f32x4.mul(cp, v128.load(delta + byte)));
      if (isAnyOn(d)) n = listed(d, at, places + to, values + to, n);
    }
    store<i32>(lengths + ((<usize>p) << 2), n);
  }
}

/** The same behind a layer whose output changes by dz. @param dz [probe, size] */
export function rectify(
  dz: usize,
  z: usize,
  size: i32,
  probes: i32,
  places: usize,
  values: usize,
  lengths: usize,
): void {
  const row = (<usize>size) << 2;
  const listRow = row + 16;
  for (let p = 0; p < probes; p++) {
    const from = <usize>p * row;
    const to = <usize>p * listRow;
    let n = 0;
    for (let at = 0; at < size; at += 4) {
      const byte = from + ((<usize>at) << 2);
      const d = rectified(v128.load(z + byte), v128.load(dz + byte));
      if (isAnyOn(d)) n = listed(d, at, places + to, values + to, n);
    }
    store<i32>(lengths + ((<usize>p) << 2), n);
  }
}

/** out = c delta. @param c [probe] @param delta [width] @param out [probe, width] */
export function outer(c: usize, delta: usize, width: i32, probes: i32, out: usize): void {
  const row = (<usize>width) << 2;
  for (let p = 0; p < probes; p++) {
    const cp = v128.load32_splat(c + ((<usize>p) << 2));
    for (let at: usize = 0; at < row; at += 16)
      v128.store(out + <usize>p * row + at, f32x4.mul(cp, v128.load(delta + at)));
  }
}

/** out[p] = rate overlap[p]. */
export function scaled(overlap: usize, rate: f32, probes: i32, out: usize): void {
  for (let p: usize = 0; p < (<usize>probes) << 2; p += 4) store<f32>(out + p, rate * load<f32>(overlap + p));
}

/**
 * The change of a dense layer's output for changes of its input that are given as lists:
 * dz[p] = sum_j d_j W[j] + rate (overlap[p] + sum_j d_j a_j) delta. 2 (width + 1) operations an item of a list.
 * @param weights [input, width] @param a the anchor's input, [input] @param rate -eta @param out [probe, width]
 */
export function spread(
  places: usize,
  values: usize,
  lengths: usize,
  size: i32,
  probes: i32,
  weights: usize,
  width: i32,
  a: usize,
  overlap: usize,
  rate: f32,
  delta: usize,
  out: usize,
): void {
  const listRow = ((<usize>size) << 2) + 16;
  const row = (<usize>width) << 2;
  for (let p = 0; p < probes; p++) {
    const from = <usize>p * listRow;
    const n = load<i32>(lengths + ((<usize>p) << 2));
    let shared: f64 = <f64>load<f32>(overlap + ((<usize>p) << 2));
    for (let i: usize = 0; i < (<usize>n) << 2; i += 4)
      shared += <f64>load<f32>(values + from + i) * <f64>load<f32>(a + ((<usize>load<i32>(places + from + i)) << 2));
    const to = out + <usize>p * row;
    const c = f32x4.splat(rate * <f32>shared);
    for (let at: usize = 0; at < row; at += 16) v128.store(to + at, f32x4.mul(c, v128.load(delta + at)));
    for (let first = 0; first < n; first += stretch)
      addRows(places + from, values + from, first, min(n, first + stretch), weights, row, to);
  }
}

/** to += sum_i value[i] W[place[i]] over a stretch of a list, as many columns at a time as there are registers. */
function addRows(places: usize, values: usize, first: i32, end: i32, weights: usize, row: usize, to: usize): void {
  const start = (<usize>first) << 2;
  const stop = (<usize>end) << 2;
  let at: usize = 0;
  for (; at + 128 <= row; at += 128) {
    let s0 = f32x4.splat(0),
      s1 = f32x4.splat(0),
      s2 = f32x4.splat(0),
      s3 = f32x4.splat(0);
    let s4 = f32x4.splat(0),
      s5 = f32x4.splat(0),
      s6 = f32x4.splat(0),
      s7 = f32x4.splat(0);
    for (let i = start; i < stop; i += 4) {
      const v = v128.load32_splat(values + i);
      const w = weights + <usize>load<i32>(places + i) * row + at;
      s0 = addProduct(s0, v, v128.load(w));
      s1 = addProduct(s1, v, v128.load(w, 16));
      s2 = addProduct(s2, v, v128.load(w, 32));
      s3 = addProduct(s3, v, v128.load(w, 48));
      s4 = addProduct(s4, v, v128.load(w, 64));
      s5 = addProduct(s5, v, v128.load(w, 80));
      s6 = addProduct(s6, v, v128.load(w, 96));
      s7 = addProduct(s7, v, v128.load(w, 112));
    }
    const o = to + at;
    v128.store(o, f32x4.add(v128.load(o), s0));
    v128.store(o, f32x4.add(v128.load(o, 16), s1), 16);
    v128.store(o, f32x4.add(v128.load(o, 32), s2), 32);
    v128.store(o, f32x4.add(v128.load(o, 48), s3), 48);
    v128.store(o, f32x4.add(v128.load(o, 64), s4), 64);
    v128.store(o, f32x4.add(v128.load(o, 80), s5), 80);
    v128.store(o, f32x4.add(v128.load(o, 96), s6), 96);
    v128.store(o, f32x4.add(v128.load(o, 112), s7), 112);
  }
  for (; at + 48 <= row; at += 48) {
    let s0 = f32x4.splat(0),
      s1 = f32x4.splat(0),
      s2 = f32x4.splat(0);
    for (let i = start; i < stop; i += 4) {
      const v = v128.load32_splat(values + i);
      const w = weights + <usize>load<i32>(places + i) * row + at;
      s0 = addProduct(s0, v, v128.load(w));
      s1 = addProduct(s1, v, v128.load(w, 16));
      s2 = addProduct(s2, v, v128.load(w, 32));
    }
    const o = to + at;
    v128.store(o, f32x4.add(v128.load(o), s0));
    v128.store(o, f32x4.add(v128.load(o, 16), s1), 16);
    v128.store(o, f32x4.add(v128.load(o, 32), s2), 32);
  }
  for (; at < row; at += 16) {
    let s0 = f32x4.splat(0);
    for (let i = start; i < stop; i += 4)
      s0 = addProduct(s0, v128.load32_splat(values + i), v128.load(weights + <usize>load<i32>(places + i) * row + at));
    v128.store(to + at, f32x4.add(v128.load(to + at), s0));
  }
}

// ---- two dense layers with a relu between, for some anchors at once
//
// A step moves the hidden layer by dz = c delta, c one number an anchor and probe. Where no unit crosses zero, what reaches
// the scores is c times a sum over the units that are on at the probe, sum_j delta_j W_j, and that sum knows the step's size
// only through c. Units come in groups of four: the sums of all 16 subsets of a group are made once for all probes, and each
// probe then adds the one row that its own pattern of on and off names. Units that do cross, few in small steps, add
// |z + dz| W_j each. An anchor has its own lane throughout, so its bits do not depend on its neighbours.

/** Groups of four whose subsets are made at a time: they stay in a core's own cache. */
const tableGroups: i32 = 32;
/** Columns of a table: as many as there are registers. */
const tableColumns: i32 = 32;

/** @param row [size] @returns its largest absolute value */
export function largestOf(row: usize, size: i32): f32 {
  let most = f32x4.splat(0);
  for (let at: usize = 0; at < (<usize>size) << 2; at += 16) most = f32x4.pmax(most, f32x4.abs(v128.load(row + at)));
  return max(
    max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
    max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
  );
}

/** out = max(z, 0). */
export function rectifiedRows(z: usize, size: i32, out: usize): void {
  for (let at: usize = 0; at < (<usize>size) << 2; at += 16)
    v128.store(out + at, f32x4.pmax(v128.load(z + at), f32x4.splat(0)));
}

/** A row into an anchor's lane: out[i, anchor] = row[i]. */
export function intoLane(row: usize, size: i32, anchors: i32, anchor: i32, out: usize): void {
  let to = out + ((<usize>anchor) << 2);
  for (let at: usize = 0; at < (<usize>size) << 2; at += 4) {
    store<f32>(to, load<f32>(row + at));
    to += (<usize>anchors) << 2;
  }
}

/**
 * A byte for each group of four units: the lower half says which are on (z > 0), the upper half how far the group is from
 * zero, L: all |z| >= 2^(L - 16) size, or nothing where L = 0. About 3 operations a unit.
 * @param z [probe, size] @param out [probe, bytes], bytes = size / 4 in whole 16s @param sizes root mean square of z, [probe]
 */
export function marks(z: usize, size: i32, probes: i32, out: usize, sizes: usize): void {
  let to = out;
  for (let p = 0; p < probes; p++) {
    const from = z + ((<usize>p * <usize>size) << 2);
    const mean = rootMeanSquare(from, size);
    store<f32>(sizes + ((<usize>p) << 2), mean);
    const inverse = f32x4.splat(inverseOf(mean));
    for (let at = 0; at < size; at += 64) {
      const low = i16x8.narrow_i32x4_u(marksAt(from, at, size, inverse), marksAt(from, at + 16, size, inverse));
      const high = i16x8.narrow_i32x4_u(marksAt(from, at + 32, size, inverse), marksAt(from, at + 48, size, inverse));
      v128.store(to, i8x16.narrow_i16x8_u(low, high));
      to += 16;
    }
  }
}

function rootMeanSquare(z: usize, size: i32): f32 {
  let total: f64 = 0;
  for (let from = 0; from < size; from += stretch) {
    const end = (<usize>min(size, from + stretch)) << 2;
    let sum = f32x4.splat(0);
    for (let at: usize = (<usize>from) << 2; at < end; at += 16) {
      const v = v128.load(z + at);
      sum = addProduct(sum, v, v);
    }
    total += sumOf(sum);
  }
  return <f32>sqrt<f64>(total / <f64>size);
}

/** Of a size that is too small to divide by: 0, and all that is measured by it counts as near. */
function inverseOf(size: f32): f32 {
  return size > 1e-30 ? <f32>1 / size : 0;
}

/** The marks of four groups. */
function marksAt(z: usize, at: i32, size: i32, inverse: v128): v128 {
  const z0 = unitsAt(z, at, size);
  const z1 = unitsAt(z, at + 4, size);
  const z2 = unitsAt(z, at + 8, size);
  const z3 = unitsAt(z, at + 12, size);
  const zero = f32x4.splat(0);
  const isOn = i8x16.narrow_i16x8_s(
    i16x8.narrow_i32x4_s(f32x4.gt(z0, zero), f32x4.gt(z1, zero)),
    i16x8.narrow_i32x4_s(f32x4.gt(z2, zero), f32x4.gt(z3, zero)),
  );
  const bits = v128.and(isOn, i8x16(1, 2, 4, 8, 1, 2, 4, 8, 1, 2, 4, 8, 1, 2, 4, 8));
  const on = i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bits));
  const low = lesserHalves(f32x4.abs(z0), f32x4.abs(z1));
  const high = lesserHalves(f32x4.abs(z2), f32x4.abs(z3));
  const least = f32x4.mul(lesserHalves(low, high), inverse);
  const far = i32x4.sub(i32x4.shr_u(least, 23), i32x4.splat(111));
  const level = i32x4.min_s(i32x4.max_s(far, i32x4.splat(0)), i32x4.splat(15));
  return v128.or(on, i32x4.shl(level, 4));
}

/** Beyond the row: off, and far from zero. */
function unitsAt(z: usize, at: i32, size: i32): v128 {
  return at < size ? v128.load(z + ((<usize>at) << 2)) : f32x4.splat(-Infinity);
}

/** The lesser of each two neighbours. */
function lesserHalves(a: v128, b: v128): v128 {
  return f32x4.pmin(v128.shuffle<f32>(a, b, 0, 2, 4, 6), v128.shuffle<f32>(a, b, 1, 3, 5, 7));
}

/**
 * How far a step moves the hidden layer: c[p, anchor] = rate overlap[p]; and what the second layer's input has in common
 * with the anchor's. Where |c| widest exceeds the root mean square of z, many units cross, and the pair is left to
 * `rectifyStep`: c = 0 and isLarge[p] = 1.
 * @param widest the largest |delta| @param anchors a multiple of 4 @returns how many are left
 */
export function layStep(
  overlap: usize,
  shared: usize,
  rate: f32,
  widest: f32,
  sizes: usize,
  probes: i32,
  anchors: i32,
  anchor: i32,
  c: usize,
  common: usize,
  isLarge: usize,
): i32 {
  let n = 0;
  for (let p: usize = 0; p < <usize>probes; p++) {
    const own = rate * load<f32>(overlap + (p << 2));
    const isSmall = abs(own) * widest <= load<f32>(sizes + (p << 2));
    const to = (p * <usize>anchors + <usize>anchor) << 2;
    store<f32>(c + to, isSmall ? own : 0);
    store<f32>(common + to, load<f32>(shared + (p << 2)));
    store<f32>(isLarge + (p << 2), isSmall ? 0 : 1);
    n += i32(!isSmall);
  }
  return n;
}

/**
 * sums[p] = sum_j B[j] over the units that are on at p, B[j, output, anchor] = delta[j] W[j, output] and, as one more output,
 * delta[j] a[j]. A quarter of an operation a unit and column, and 4 more for all probes together.
 * @param mark as `marks` makes them @param delta, a [unit, anchor] @param weights [unit, width]
 * @param columns (outputs + 1) anchors in whole 16s @param table 16,384 numbers @param sums [probe, columns]
 */
export function addSubsets(
  mark: usize,
  probes: i32,
  delta: usize,
  a: usize,
  size: i32,
  anchors: i32,
  weights: usize,
  width: i32,
  outputs: i32,
  columns: i32,
  table: usize,
  sums: usize,
): void {
  const markRow = (<usize>((size + 63) >> 6)) << 4;
  const row = (<usize>columns) << 2;
  memory.fill(sums, 0, <usize>probes * row);
  for (let from = 0; from < size; from += 4 * tableGroups) {
    const groups = min(tableGroups, (size - from) >> 2);
    const marked = mark + ((<usize>from) >> 2);
    const start = (<usize>from * <usize>anchors) << 2;
    for (let column = 0; column < columns; column += tableColumns) {
      const wide = min(tableColumns, columns - column);
      for (let at = 0; at < wide; at += 4)
        subsets(
          delta + start,
          a + start,
          anchors,
          weights + ((<usize>from * <usize>width) << 2),
          width,
          outputs,
          groups,
          column + at,
          table + ((<usize>at) << 2),
          (<usize>wide) << 2,
        );
      const to = sums + ((<usize>column) << 2);
      if (wide === tableColumns) addNamed32(marked, markRow, probes, groups, table, to, row);
      else addNamed16(marked, markRow, probes, groups, table, to, row);
    }
  }
}

/** The sums of all subsets of each group, four columns of them. @param out [group, 16, ...], a row so many bytes long */
function subsets(
  delta: usize,
  a: usize,
  anchors: i32,
  weights: usize,
  width: i32,
  outputs: i32,
  groups: i32,
  column: i32,
  out: usize,
  row: usize,
): void {
  const output = column / anchors;
  const lane = (<usize>(column % anchors)) << 2;
  const item = (<usize>anchors) << 2;
  const skip = (<usize>width) << 2;
  let to = out;
  for (let g = 0; g < groups; g++) {
    const own = delta + ((<usize>g) << 2) * item + lane;
    let b0 = v128.load(own),
      b1 = v128.load(own + item),
      b2 = v128.load(own + 2 * item),
      b3 = v128.load(own + 3 * item);
    if (output < outputs) {
      const w = weights + ((<usize>g) << 2) * skip + ((<usize>output) << 2);
      b0 = f32x4.mul(b0, v128.load32_splat(w));
      b1 = f32x4.mul(b1, v128.load32_splat(w + skip));
      b2 = f32x4.mul(b2, v128.load32_splat(w + 2 * skip));
      b3 = f32x4.mul(b3, v128.load32_splat(w + 3 * skip));
    } else {
      const h = a + ((<usize>g) << 2) * item + lane;
      b0 = f32x4.mul(b0, v128.load(h));
      b1 = f32x4.mul(b1, v128.load(h + item));
      b2 = f32x4.mul(b2, v128.load(h + 2 * item));
      b3 = f32x4.mul(b3, v128.load(h + 3 * item));
    }
    const b01 = f32x4.add(b0, b1);
    const b23 = f32x4.add(b2, b3);
    v128.store(to, f32x4.splat(0));
    v128.store(to + row, b0);
    v128.store(to + 2 * row, b1);
    v128.store(to + 3 * row, b01);
    to += 4 * row;
    v128.store(to, b2);
    v128.store(to + row, f32x4.add(b0, b2));
    v128.store(to + 2 * row, f32x4.add(b1, b2));
    v128.store(to + 3 * row, f32x4.add(b01, b2));
    to += 4 * row;
    v128.store(to, b3);
    v128.store(to + row, f32x4.add(b0, b3));
    v128.store(to + 2 * row, f32x4.add(b1, b3));
    v128.store(to + 3 * row, f32x4.add(b01, b3));
    to += 4 * row;
    v128.store(to, b23);
    v128.store(to + row, f32x4.add(b0, b23));
    v128.store(to + 2 * row, f32x4.add(b1, b23));
    v128.store(to + 3 * row, f32x4.add(b01, b23));
    to += 4 * row;
  }
}

/** to[p] += the row of each group's table that p's mark names; 32 columns. */
function addNamed32(mark: usize, markRow: usize, probes: i32, groups: i32, table: usize, to: usize, row: usize): void {
  for (let p: usize = 0; p < <usize>probes; p++) {
    const o = to + p * row;
    const own = mark + p * markRow;
    let s0 = f32x4.splat(0),
      s1 = f32x4.splat(0),
      s2 = f32x4.splat(0),
      s3 = f32x4.splat(0);
    let s4 = f32x4.splat(0),
      s5 = f32x4.splat(0),
      s6 = f32x4.splat(0),
      s7 = f32x4.splat(0);
    let rows = table;
    for (let g: usize = 0; g < <usize>groups; g++) {
      const w = rows + (((<usize>load<u8>(own + g)) & 15) << 7);
      s0 = f32x4.add(s0, v128.load(w));
      s1 = f32x4.add(s1, v128.load(w, 16));
      s2 = f32x4.add(s2, v128.load(w, 32));
      s3 = f32x4.add(s3, v128.load(w, 48));
      s4 = f32x4.add(s4, v128.load(w, 64));
      s5 = f32x4.add(s5, v128.load(w, 80));
      s6 = f32x4.add(s6, v128.load(w, 96));
      s7 = f32x4.add(s7, v128.load(w, 112));
      rows += 2048;
    }
    v128.store(o, f32x4.add(v128.load(o), s0));
    v128.store(o, f32x4.add(v128.load(o, 16), s1), 16);
    v128.store(o, f32x4.add(v128.load(o, 32), s2), 32);
    v128.store(o, f32x4.add(v128.load(o, 48), s3), 48);
    v128.store(o, f32x4.add(v128.load(o, 64), s4), 64);
    v128.store(o, f32x4.add(v128.load(o, 80), s5), 80);
    v128.store(o, f32x4.add(v128.load(o, 96), s6), 96);
    v128.store(o, f32x4.add(v128.load(o, 112), s7), 112);
  }
}

/** The same for 16 columns. */
function addNamed16(mark: usize, markRow: usize, probes: i32, groups: i32, table: usize, to: usize, row: usize): void {
  for (let p: usize = 0; p < <usize>probes; p++) {
    const o = to + p * row;
    const own = mark + p * markRow;
    let s0 = f32x4.splat(0),
      s1 = f32x4.splat(0),
      s2 = f32x4.splat(0),
      s3 = f32x4.splat(0);
    let rows = table;
    for (let g: usize = 0; g < <usize>groups; g++) {
      const w = rows + (((<usize>load<u8>(own + g)) & 15) << 6);
      s0 = f32x4.add(s0, v128.load(w));
      s1 = f32x4.add(s1, v128.load(w, 16));
      s2 = f32x4.add(s2, v128.load(w, 32));
      s3 = f32x4.add(s3, v128.load(w, 48));
      rows += 1024;
    }
    v128.store(o, f32x4.add(v128.load(o), s0));
    v128.store(o, f32x4.add(v128.load(o, 16), s1), 16);
    v128.store(o, f32x4.add(v128.load(o, 32), s2), 32);
    v128.store(o, f32x4.add(v128.load(o, 48), s3), 48);
  }
}

/**
 * The change of the scores: c sums + what the crossings add, and the second layer's own step,
 * out[anchor, p, output] = d_output + rate (common + d_outputs) top[output]. Groups are looked at where they are near enough to
 * zero for the largest step, and units where |z| <= that step: 3 operations an anchor.
 * @param z [probe, size] @param mark, sizes as `marks` makes them @param delta, a [unit, anchor] @param widest, rates [anchor]
 * @param top [output, anchor] @param sums [probe, columns] @param c, common [probe, anchor]
 * @param crossed (outputs + 1) anchors numbers
 */
export function finish(
  z: usize,
  mark: usize,
  sizes: usize,
  size: i32,
  probes: i32,
  delta: usize,
  a: usize,
  widest: usize,
  rates: usize,
  top: usize,
  anchors: i32,
  weights: usize,
  width: i32,
  outputs: i32,
  sums: usize,
  columns: i32,
  c: usize,
  common: usize,
  crossed: usize,
  out: usize,
): void {
  const markRow = (<usize>((size + 63) >> 6)) << 4;
  const item = (<usize>anchors) << 2;
  const last = <usize>outputs * item;
  const outRow = (<usize>outputs) << 2;
  for (let p: usize = 0; p < <usize>probes; p++) {
    const steps = c + p * item;
    memory.fill(crossed, 0, last + item);
    cross(
      z + ((p * <usize>size) << 2),
      mark + p * markRow,
      load<f32>(sizes + (p << 2)),
      size,
      delta,
      a,
      widest,
      anchors,
      weights,
      width,
      outputs,
      steps,
      crossed,
    );
    const own = sums + ((p * <usize>columns) << 2);
    for (let k: usize = 0; k < item; k += 16) {
      const ck = v128.load(steps + k);
      const inner = addProduct(v128.load(crossed + last + k), ck, v128.load(own + last + k));
      const r = f32x4.mul(v128.load(rates + k), f32x4.add(v128.load(common + p * item + k), inner));
      let to = out + ((k >> 2) * <usize>probes + p) * outRow;
      const next = <usize>probes * outRow;
      for (let o: usize = 0; o < last; o += item) {
        const moved = addProduct(v128.load(crossed + o + k), ck, v128.load(own + o + k));
        const d = addProduct(moved, r, v128.load(top + o + k));
        v128.store_lane<f32>(to, d, 0);
        v128.store_lane<f32>(to + next, d, 1);
        v128.store_lane<f32>(to + 2 * next, d, 2);
        v128.store_lane<f32>(to + 3 * next, d, 3);
        to += 4;
      }
    }
  }
}

/** What the units that cross zero at one probe add, for each anchor: |z + c delta| (W_j, a_j). */
function cross(
  z: usize,
  mark: usize,
  mean: f32,
  size: i32,
  delta: usize,
  a: usize,
  widest: usize,
  anchors: i32,
  weights: usize,
  width: i32,
  outputs: i32,
  c: usize,
  crossed: usize,
): void {
  const item = (<usize>anchors) << 2;
  let farthest = f32x4.splat(0);
  for (let k: usize = 0; k < item; k += 16)
    farthest = f32x4.pmax(farthest, f32x4.mul(f32x4.abs(v128.load(c + k)), v128.load(widest + k)));
  const most = max(
    max(f32x4.extract_lane(farthest, 0), f32x4.extract_lane(farthest, 1)),
    max(f32x4.extract_lane(farthest, 2), f32x4.extract_lane(farthest, 3)),
  );
  if (most === 0) return;
  // Rounded up: the first level at which nothing is within reach.
  const level = i32(reinterpret<u32>(most * inverseOf(mean) * slack) >> 23) - 110;
  const limit = i8x16.splat(<i8>((min(max(level, 1), 16) << 4) - 1));
  const groups = size >> 2;
  for (let first = 0; first < groups; first += 16) {
    let near = i8x16.bitmask(i8x16.le_u(v128.load(mark + <usize>first), limit));
    for (; near !== 0; near &= near - 1) {
      const g = first + ctz(near);
      if (g >= groups) break;
      const from = z + ((<usize>g) << 4);
      let within = i32x4.bitmask(f32x4.le(f32x4.abs(v128.load(from)), f32x4.splat(most)));
      for (; within !== 0; within &= within - 1) {
        const lane = ctz(within);
        const unit = <usize>(4 * g + lane);
        crossUnit(
          v128.load32_splat(from + ((<usize>lane) << 2)),
          delta + unit * item,
          a + unit * item,
          weights + ((unit * <usize>width) << 2),
          outputs,
          c,
          item,
          crossed,
        );
      }
    }
  }
}

function crossUnit(
  z: v128,
  delta: usize,
  a: usize,
  weights: usize,
  outputs: i32,
  c: usize,
  item: usize,
  crossed: usize,
): void {
  const last = <usize>outputs * item;
  const away = f32x4.neg(z);
  const isOn = f32x4.gt(z, f32x4.splat(0));
  for (let k: usize = 0; k < item; k += 16) {
    const d = f32x4.mul(v128.load(c + k), v128.load(delta + k));
    // On: it crosses where d <= -z; off: where d > -z.
    const isOver = v128.xor(f32x4.gt(d, away), isOn);
    if (!v128.any_true(isOver)) continue;
    const amount = v128.and(f32x4.abs(f32x4.add(z, d)), isOver);
    let w = weights;
    for (let o: usize = k; o < last; o += item) {
      v128.store(crossed + o, addProduct(v128.load(crossed + o), amount, v128.load32_splat(w)));
      w += 4;
    }
    v128.store(crossed + last + k, addProduct(v128.load(crossed + last + k), amount, v128.load(a + k)));
  }
}

// ---- stages of convolution, 2 x 2 max-pooling and relu

/** The 2-norm of what a filter sees at every position. @param h [row + kernel - 1, column + kernel - 1, depth] with its margin */
export function patchNorms(h: usize, rows: i32, width: i32, depth: i32, kernel: i32, squares: usize, out: usize): void {
  const wide = width + kernel - 1;
  const high = rows + kernel - 1;
  for (let at = 0; at < wide * high; at++) {
    const from = h + ((<usize>at * <usize>depth) << 2);
    let sum = f32x4.splat(0);
    for (let i: usize = 0; i < (<usize>depth) << 2; i += 16) {
      const v = v128.load(from + i);
      sum = addProduct(sum, v, v);
    }
    store<f32>(squares + ((<usize>at) << 2), <f32>sumOf(sum));
  }
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < width; x++) {
      let sum: f32 = 0;
      for (let down = 0; down < kernel; down++)
        for (let right = 0; right < kernel; right++)
          sum += load<f32>(squares + ((<usize>((y + down) * wide + x + right)) << 2));
      store<f32>(out + ((<usize>(y * width + x)) << 2), sqrt<f32>(sum) * slack);
    }
}

/** a and b side by side, two numbers of each in turn: [place / 2, (a, a, b, b)]. @param b or 0, for zeros */
function interleave(a: usize, b: usize, size: i32, out: usize): void {
  for (let at: usize = 0; at < (<usize>size) << 2; at += 16) {
    const one = v128.load(a + at);
    const other = b ? v128.load(b + at) : f32x4.splat(0);
    v128.store(out + 2 * at, v128.shuffle<i64>(one, other, 0, 2));
    v128.store(out + 2 * at, v128.shuffle<i64>(one, other, 1, 3), 16);
  }
}

/**
 * h . dW + dh . (W + dW) at many patches, for one filter: even and odd taps of both in one register, four patches at a time.
 * 4 kernel^2 depth operations a patch; two loads of eight are the filter's.
 * @param patches their addresses in what `interleave` makes of h and dh, `size` bytes with room for three more
 * @param filter the same of dW and W + dW @param line, skip bytes of a row of the filter and of the image @param out [patch]
 */
function innerProducts(
  patches: usize,
  size: usize,
  filter: usize,
  kernel: i32,
  line: usize,
  skip: usize,
  out: usize,
): void {
  for (let i = size; i & 15; i += 4) store<u32>(patches + i, load<u32>(patches));
  for (let i: usize = 0; i < size; i += 16) {
    let p0 = <usize>load<u32>(patches + i);
    let p1 = <usize>load<u32>(patches + i, 4);
    let p2 = <usize>load<u32>(patches + i, 8);
    let p3 = <usize>load<u32>(patches + i, 12);
    let s0 = f32x4.splat(0),
      s1 = f32x4.splat(0),
      s2 = f32x4.splat(0),
      s3 = f32x4.splat(0);
    let weight = filter;
    for (let down = 0; down < kernel; down++) {
      for (const stop = weight + line; weight < stop; weight += 32) {
        const w0 = v128.load(weight);
        s0 = addProduct(s0, v128.load(p0), w0);
        s1 = addProduct(s1, v128.load(p1), w0);
        s2 = addProduct(s2, v128.load(p2), w0);
        s3 = addProduct(s3, v128.load(p3), w0);
        const w1 = v128.load(weight, 16);
        s0 = addProduct(s0, v128.load(p0, 16), w1);
        s1 = addProduct(s1, v128.load(p1, 16), w1);
        s2 = addProduct(s2, v128.load(p2, 16), w1);
        s3 = addProduct(s3, v128.load(p3, 16), w1);
        p0 += 32;
        p1 += 32;
        p2 += 32;
        p3 += 32;
      }
      p0 += skip - line;
      p1 += skip - line;
      p2 += skip - line;
      p3 += skip - line;
    }
    store<f32>(out + i, bothSums(s0));
    store<f32>(out + i, bothSums(s1), 4);
    store<f32>(out + i, bothSums(s2), 8);
    store<f32>(out + i, bothSums(s3), 12);
  }
}

/** Even and odd taps of what is seen, then of what is carried. */
function bothSums(s: v128): f32 {
  return f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1) + (f32x4.extract_lane(s, 2) + f32x4.extract_lane(s, 3));
}

/** Bytes of what `convStage` knows of a window, and of what it notes of it for four channels. */
const windowSize: usize = 32;
const noteSize: usize = 96;

/**
 * The change of relu(max-pool(conv(h))) at one example, for a step dW of the filters and, but in the first stage, a change
 * dh of h.
 *
 * A position's change is dz = h . dW + dh . (W + dW) + db over its patch, and by Cauchy and Schwarz at most
 * |h| |dW| + |dh| |W + dW| + |db|. A window that is off by more than that stays off; a pixel that lies below its window's
 * maximum by more than that cannot overtake it. Only for the others the inner products are taken: about one in four to
 * eight. 4 kernel^2 depth operations each, and 30 for the bounds of a window and four channels. The bounds come first, for
 * four channels at a time; then, channel by channel, the winners of all windows that may be on, and whoever could overtake
 * these. It reads h, dh and z once, and writes and reads 56 bytes a window and channel on the way.
 *
 * @param h [row + kernel - 1, column + kernel - 1, depth] with its margin @param dh the same, or 0
 * @param z conv(h; W), [row, column, channel] @param norms of the patches of h, [row, column]
 * @param step as `packStep` makes it
 * @param scratch 2 (row + kernel - 1) (column + kernel - 1) depth + row column + 50 windows + 32 numbers, and those of
 * `patchNorms`
 * @param out [row / 2 + 2 margin, column / 2 + 2 margin, channel]
 */
export function convStage(
  h: usize,
  dh: usize,
  z: usize,
  norms: usize,
  step: usize,
  rows: i32,
  width: i32,
  depth: i32,
  channels: i32,
  kernel: i32,
  scratch: usize,
  out: usize,
  margin: i32,
): void {
  const wide = width + kernel - 1;
  const imageSize = wide * (rows + kernel - 1) * depth;
  const halfWidth = width >> 1;
  const pixel = (<usize>depth) << 3;
  const skip = <usize>wide * pixel;
  const line = <usize>kernel * pixel;
  const filter = <usize>kernel * line;
  const row = (<usize>channels) << 2;
  const lower = <usize>width * row;
  const biases = step + <usize>channels * filter;
  const stepNorms = biases + row;
  const farNorms = stepNorms + row;
  const biasSizes = farNorms + row;
  const both = scratch;
  const dhNorms = both + ((<usize>imageSize) << 3);
  const windows = dhNorms + ((<usize>(rows * width)) << 2);
  interleave(h, dh, imageSize, both);
  if (dh) patchNorms(dh, rows, width, depth, kernel, windows, dhNorms);
  let end = windows;
  for (let y = 0; y < rows >> 1; y++)
    for (let x = 0; x < halfWidth; x++) {
      const corner = (<usize>(2 * (y * width + x))) << 2;
      store<f32>(end, largestOfWindow(norms + corner, width));
      store<f32>(end, dh ? largestOfWindow(dhNorms + corner, width) : 0, 4);
      store<u32>(end, <u32>(both + <usize>(2 * y) * skip + <usize>(2 * x) * pixel), 8);
      store<u32>(end, <u32>(z + corner * <usize>channels), 12);
      store<u32>(end, <u32>(out + <usize>((y + margin) * (halfWidth + 2 * margin) + x + margin) * row), 16);
      end += windowSize;
    }
  const room = ((end - windows) / windowSize) << 2;
  const lists = end;
  const notes = lists + 4 * room;
  const spare = notes + (room >> 2) * noteSize;
  for (let c: usize = 0; c < row; c += 16) {
    let n0: usize = 0,
      n1: usize = 0,
      n2: usize = 0,
      n3: usize = 0;
    const biasSize = v128.load(biasSizes + c);
    const stepNorm = v128.load(stepNorms + c);
    const farNorm = v128.load(farNorms + c);
    let note = notes;
    for (let window = windows; window < end; window += windowSize) {
      const from = <usize>load<u32>(window, 12) + c;
      const goal = <usize>load<u32>(window, 16) + c;
      const g0 = v128.load(from);
      const g1 = v128.load(from + row);
      const g2 = v128.load(from + lower);
      const g3 = v128.load(from + lower + row);
      const tops = f32x4.max(f32x4.max(g0, g1), f32x4.max(g2, g3));
      let bound = addProduct(biasSize, v128.load32_splat(window), stepNorm);
      if (dh) bound = addProduct(bound, v128.load32_splat(window, 4), farNorm);
      // The first of the largest wins, and the largest of the others comes nearest to it.
      const is0 = f32x4.eq(g0, tops);
      const is1 = v128.andnot(f32x4.eq(g1, tops), is0);
      const is2 = v128.andnot(f32x4.eq(g2, tops), v128.or(is0, is1));
      const is3 = v128.not(v128.or(v128.or(is0, is1), is2));
      const rest = f32x4.pmax(
        f32x4.pmax(v128.bitselect(f32x4.splat(-Infinity), g0, is0), v128.bitselect(f32x4.splat(-Infinity), g1, is1)),
        f32x4.pmax(v128.bitselect(f32x4.splat(-Infinity), g2, is2), v128.bitselect(f32x4.splat(-Infinity), g3, is3)),
      );
      const right = v128.and(v128.or(is1, is3), i32x4.splat(<i32>pixel));
      const down = v128.and(v128.or(is2, is3), i32x4.splat(<i32>skip));
      v128.store(goal, f32x4.splat(0));
      v128.store(note, tops);
      v128.store(note, bound, 16);
      v128.store(note, f32x4.sub(tops, rest), 32);
      v128.store(note, i32x4.add(v128.load32_splat(window, 8), i32x4.add(right, down)), 48);
      v128.store(note, i32x4.add(i32x4.splat(<i32>goal), i32x4(0, 4, 8, 12)), 64);
      v128.store(note, i32x4.splat(<i32>window), 80);
      // Written so that a bound that is not a number counts as large.
      const on = ~i32x4.bitmask(f32x4.le(f32x4.add(tops, bound), f32x4.splat(0)));
      store<u32>(lists + n0, <u32>note);
      store<u32>(lists + room + n1, <u32>note + 4);
      store<u32>(lists + 2 * room + n2, <u32>note + 8);
      store<u32>(lists + 3 * room + n3, <u32>note + 12);
      n0 += (<usize>(on & 1)) << 2;
      n1 += (<usize>(on & 2)) << 1;
      n2 += <usize>(on & 4);
      n3 += (<usize>(on & 8)) >> 1;
      note += noteSize;
    }
    for (let lane: usize = 0; lane < 4; lane++) {
      const own = c + (lane << 2);
      channelStage(
        lists + lane * room,
        lane === 0 ? n0 : lane === 1 ? n1 : lane === 2 ? n2 : n3,
        own,
        load<f32>(biases + own),
        step + (own >> 2) * filter,
        kernel,
        line,
        skip,
        pixel,
        row,
        lower,
        spare,
        room,
      );
    }
    // What is off has not moved, and stays 0.
    for (let own = notes; own < note; own += noteSize) {
      const goal = <usize>load<u32>(own, 64);
      v128.store(goal, rectified(v128.load(own), v128.load(goal)));
    }
  }
}

/** The largest of a window's four numbers. @param at the first of them @param width numbers of a row */
function largestOfWindow(at: usize, width: i32): f32 {
  const below = at + ((<usize>width) << 2);
  return max(max(load<f32>(at), load<f32>(at, 4)), max(load<f32>(below), load<f32>(below, 4)));
}

/**
 * One channel of `convStage`, before the relu: of every window in the list its largest change, to its goal.
 * @param list addresses of notes, `size` bytes @param channel bytes from a pixel's first number to its own
 * @param line, skip, pixel bytes of a row of the filter, of the image, and of a pixel
 * @param right, lower bytes to the next pixel and row of z @param scratch 14 room + 64 bytes @param room bytes of the longest list
 */
function channelStage(
  list: usize,
  size: usize,
  channel: usize,
  bias: f32,
  filter: usize,
  kernel: i32,
  line: usize,
  skip: usize,
  pixel: usize,
  right: usize,
  lower: usize,
  scratch: usize,
  room: usize,
): void {
  const patches = scratch;
  const changes = patches + 3 * room + 16;
  const goals = changes + 3 * room + 16;
  const gaps = goals + 3 * room + 16;
  const close = gaps + 3 * room + 16;
  const reaches = close + room;
  for (let i: usize = 0; i < size; i += 4) store<u32>(patches + i, load<u32>(<usize>load<u32>(list + i), 48));
  innerProducts(patches, size, filter, kernel, line, skip, changes);
  let n: usize = 0;
  for (let i: usize = 0; i < size; i += 4) {
    const note = <usize>load<u32>(list + i);
    const own = bias + load<f32>(changes + i);
    const reach = load<f32>(note, 16) - own;
    store<f32>(<usize>load<u32>(note, 64), own);
    store<u32>(close + n, <u32>note);
    store<f32>(reaches + n, reach);
    n += (<usize>i32(load<f32>(note, 32) <= reach)) << 2;
  }
  const end = close + n;
  n = 0;
  for (let at = close; at < end; at += 4) {
    const note = <usize>load<u32>(at);
    const reach = load<f32>(reaches + (at - close));
    const top = load<f32>(note);
    const winner = load<u32>(note, 48);
    const goal = load<u32>(note, 64);
    const window = <usize>load<u32>(note, 80);
    const patch = load<u32>(window, 8);
    const from = <usize>load<u32>(window, 12) + channel;
    for (let turn: usize = 0; turn < 4; turn++) {
      const rival = patch + <u32>((turn & 1) * pixel + (turn >> 1) * skip);
      const gap = top - load<f32>(from + (turn & 1) * right + (turn >> 1) * lower);
      store<u32>(patches + n, rival);
      store<u32>(goals + n, goal);
      store<f32>(gaps + n, gap);
      n += (<usize>(i32(gap <= reach) & i32(rival !== winner))) << 2;
    }
  }
  innerProducts(patches, n, filter, kernel, line, skip, changes);
  for (let i: usize = 0; i < n; i += 4) {
    const goal = <usize>load<u32>(goals + i);
    const best = load<f32>(goal);
    const own = bias + load<f32>(changes + i) - load<f32>(gaps + i);
    store<f32>(goal, best < own ? own : best);
  }
}

/** Lists what is not 0. @param places, values size + 4 numbers each @param lengths of the one list */
export function listAll(d: usize, size: i32, places: usize, values: usize, lengths: usize): void {
  let n = 0;
  for (let at = 0; at < size; at += 4) n = listed(v128.load(d + ((<usize>at) << 2)), at, places, values, n);
  store<i32>(lengths, n);
}

/**
 * The gradient of filters and biases at one image. 2 kernel^2 depth operations for each signal that is not 0: behind
 * max-pooling at most a quarter of them.
 * @param h with its margin @param signal [row, column, channel]
 * @param out [channel, kernel, kernel, depth], then [channel]
 */
export function filterGradient(
  h: usize,
  signal: usize,
  rows: i32,
  width: i32,
  depth: i32,
  channels: i32,
  kernel: i32,
  out: usize,
): void {
  const pixel = (<usize>depth) << 2;
  const skip = <usize>(width + kernel - 1) * pixel;
  const line = <usize>kernel * pixel;
  const filter = <usize>kernel * line;
  const biases = out + <usize>channels * filter;
  memory.fill(out, 0, <usize>channels * (filter + 4));
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < width; x++) {
      const from = signal + ((<usize>(y * width + x) * <usize>channels) << 2);
      for (let c: usize = 0; c < <usize>channels; c++) {
        const own = load<f32>(from + (c << 2));
        if (own === 0) continue;
        store<f32>(biases + (c << 2), load<f32>(biases + (c << 2)) + own);
        const v = f32x4.splat(own);
        let patch = h + <usize>y * skip + <usize>x * pixel;
        let to = out + c * filter;
        for (let down = 0; down < kernel; down++) {
          for (let i: usize = 0; i < line; i += 16)
            v128.store(to + i, addProduct(v128.load(to + i), v, v128.load(patch + i)));
          patch += skip;
          to += line;
        }
      }
    }
}

/**
 * An anchor's step as `convStage` takes it: dW and W + dW side by side, as `interleave` lays h and dh,
 * [channel, kernel, kernel, depth / 2, (dW, dW, W, W)], then [channel] of db, of |dW|, |W + dW| and |db|.
 * @param gradient as `filterGradient` makes it @param weights [channel, kernel, kernel, depth] @param rate -eta
 */
export function packStep(
  gradient: usize,
  weights: usize,
  channels: i32,
  filterSize: i32,
  rate: f32,
  step: usize,
): void {
  const filter = (<usize>filterSize) << 2;
  const all = <usize>channels * filter;
  const biases = step + 2 * all;
  const row = (<usize>channels) << 2;
  const rates = f32x4.splat(rate);
  for (let c: usize = 0; c < <usize>channels; c++) {
    let nearSum: f64 = 0;
    let farSum: f64 = 0;
    for (let i = c * filter; i < (c + 1) * filter; i += 16) {
      const d = f32x4.mul(v128.load(gradient + i), rates);
      const w = f32x4.add(v128.load(weights + i), d);
      v128.store(step + 2 * i, v128.shuffle<i64>(d, w, 0, 2));
      v128.store(step + 2 * i, v128.shuffle<i64>(d, w, 1, 3), 16);
      nearSum += sumOf(f32x4.mul(d, d));
      farSum += sumOf(f32x4.mul(w, w));
    }
    const to = biases + (c << 2);
    const bias = rate * load<f32>(gradient + all + (c << 2));
    store<f32>(to, bias);
    store<f32>(to + row, <f32>sqrt<f64>(nearSum) * slack);
    store<f32>(to + 2 * row, <f32>sqrt<f64>(farSum) * slack);
    store<f32>(to + 3 * row, abs(bias) * slack);
  }
}

// ---- gradients of training, an example at a time
//
// Behind 2 x 2 max-pooling and relu about one signal in eight is not 0, and only these are multiplied. A filter, and what it
// sees of an image with a margin, are `kernel` lines of kernel depth numbers; a filter's lines are padded with zeros to
// whole fours, and an image has room for three numbers more behind its last.

/** For each set of lanes, as bits, the bytes that bring them to the front. @param out 64 numbers */
export function layOrders(out: usize): void {
  for (let set = 0; set < 16; set++) {
    let to = out + ((<usize>set) << 4);
    for (let lane = 0; lane < 4; lane++) {
      if (((set >> lane) & 1) === 0) continue;
      store<i32>(to, 0x03020100 + lane * 0x04040404);
      to += 4;
    }
  }
}

/**
 * The signals of a row that are not 0: places are column 2^16 + channel. No branch depends on a signal; 10 operations for four.
 * @param orders as `layOrders` lays them @param places, values column channel + 4 numbers each @returns how many
 */
function listRow(signal: usize, width: i32, channels: i32, orders: usize, places: usize, values: usize): i32 {
  const rest = (1 << (channels & 3)) - 1;
  let n: usize = 0;
  let from = signal;
  for (let x = 0; x < width; x++) {
    let place = i32x4.add(i32x4.splat(x << 16), i32x4(0, 1, 2, 3));
    for (let c = 0; c < channels; c += 4) {
      const v = v128.load(from + ((<usize>c) << 2));
      const set = i32x4.bitmask(f32x4.ne(v, f32x4.splat(0))) & (channels - c < 4 ? rest : 15);
      const order = v128.load(orders + ((<usize>set) << 4));
      v128.store(values + n, i8x16.swizzle(v, order));
      v128.store(places + n, i8x16.swizzle(place, order));
      n += (<usize>popcnt(set)) << 2;
      place = i32x4.add(place, i32x4.splat(4));
    }
    from += (<usize>channels) << 2;
  }
  return (<i32>n) >> 2;
}

/** to += v from, line by line. @param size of a line, and the ways from line to line, in bytes */
function addLines(to: usize, toSkip: usize, from: usize, fromSkip: usize, v: v128, lines: i32, size: usize): void {
  for (let line = 0; line < lines; line++) {
    for (let i: usize = 0; i < size; i += 16) v128.store(to + i, addProduct(v128.load(to + i), v, v128.load(from + i)));
    to += toSkip;
    from += fromSkip;
  }
}

/**
 * Adds an example's gradient of filters and biases. 2 kernel^2 depth operations for each signal that is not 0.
 * @param h [row + kernel - 1, column + kernel - 1, depth] with its margin @param signal [row, column, channel]
 * @param list what `layOrders` lays, then 2 (column channel + 4) numbers
 * @param out [channel, kernel lines, then its bias and three numbers more]
 */
export function addFilterGradient(
  h: usize,
  signal: usize,
  rows: i32,
  width: i32,
  depth: i32,
  channels: i32,
  kernel: i32,
  list: usize,
  out: usize,
): void {
  const line = ((<usize>(kernel * depth + 3)) >> 2) << 4;
  const filter = <usize>kernel * line + 16;
  const pixel = (<usize>depth) << 2;
  const skip = <usize>(width + kernel - 1) * pixel;
  const signalRow = (<usize>(width * channels)) << 2;
  const places = list + 256;
  const values = places + signalRow + 16;
  for (let y: usize = 0; y < <usize>rows; y++) {
    const n = listRow(signal + y * signalRow, width, channels, list, places, values);
    for (let i: usize = 0; i < (<usize>n) << 2; i += 4) {
      const place = load<u32>(places + i);
      const c = <usize>(place & 0xffff);
      const patch = h + y * skip + <usize>(place >> 16) * pixel;
      const to = out + c * filter;
      addLines(to, line, patch, skip, v128.load32_splat(values + i), kernel, line);
      const bias = to + filter - 16;
      store<f32>(bias, load<f32>(bias) + load<f32>(values + i));
    }
  }
}

/**
 * Adds what each signal sends back through its filter. 2 kernel^2 depth operations for each signal that is not 0.
 * @param filters [channel, kernel lines] @param list what `layOrders` lays, then 2 (column channel + 4) numbers
 * @param out [row + kernel - 1, column + kernel - 1, depth] with its margin
 */
export function addFilterPull(
  filters: usize,
  signal: usize,
  rows: i32,
  width: i32,
  depth: i32,
  channels: i32,
  kernel: i32,
  list: usize,
  out: usize,
): void {
  const line = ((<usize>(kernel * depth + 3)) >> 2) << 4;
  const filter = <usize>kernel * line;
  const pixel = (<usize>depth) << 2;
  const skip = <usize>(width + kernel - 1) * pixel;
  const signalRow = (<usize>(width * channels)) << 2;
  const places = list + 256;
  const values = places + signalRow + 16;
  for (let y: usize = 0; y < <usize>rows; y++) {
    const n = listRow(signal + y * signalRow, width, channels, list, places, values);
    for (let i: usize = 0; i < (<usize>n) << 2; i += 4) {
      const place = load<u32>(places + i);
      const c = <usize>(place & 0xffff);
      const patch = out + y * skip + <usize>(place >> 16) * pixel;
      addLines(patch, skip, filters + c * filter, line, v128.load32_splat(values + i), kernel, line);
    }
  }
}

/** Copies lines of so many bytes, each so many bytes behind the one before: into a margin or out of it. */
export function copyLines(from: usize, fromSkip: i32, to: usize, toSkip: i32, size: i32, lines: i32): void {
  for (let line = 0; line < lines; line++)
    memory.copy(to + <usize>line * <usize>toSkip, from + <usize>line * <usize>fromSkip, <usize>size);
}

/** total += part; part = 0. */
export function settle(part: usize, total: usize, size: i32): void {
  for (let at: usize = 0; at < (<usize>size) << 2; at += 16) {
    v128.store(total + at, f32x4.add(v128.load(total + at), v128.load(part + at)));
    v128.store(part + at, f32x4.splat(0));
  }
}

/**
 * The chain rule of 2 x 2 max-pooling at one example: each window's signal goes to its first maximum in reading order.
 * 13 operations a window and four channels.
 * @param x [row, column, depth] @param signal [row / 2, column / 2, depth] @param out shaped as x
 */
export function poolSpread(x: usize, signal: usize, rows: i32, width: i32, depth: i32, out: usize): void {
  const halfRows = rows >> 1;
  const halfWidth = width >> 1;
  const pixel = (<usize>depth) << 2;
  const row = <usize>width * pixel;
  let shares = signal;
  for (let y = 0; y < halfRows; y++) {
    let at = <usize>(2 * y) * row;
    for (let column = 0; column < halfWidth; column++) {
      // The last four channels may take some a second time, to the same end.
      if (depth >= 4)
        for (let c: usize = 0; c < pixel; c += 16) {
          const own = at + min(c, pixel - 16);
          spreadWindow(x + own, pixel, row, v128.load(shares + min(c, pixel - 16)), out + own);
        }
      else for (let c: usize = 0; c < pixel; c += 4) spreadOne(x + at + c, pixel, row, shares + c, out + at + c);
      at += 2 * pixel;
      shares += pixel;
    }
    if (width & 1) {
      memory.fill(out + at, 0, pixel);
      memory.fill(out + at + row, 0, pixel);
    }
  }
  if (rows & 1) memory.fill(out + <usize>(rows - 1) * row, 0, row);
}

/** One window, four channels. @param right, down bytes to the next pixel and to the next row */
function spreadWindow(x: usize, right: usize, down: usize, share: v128, out: usize): void {
  const x0 = v128.load(x);
  const x1 = v128.load(x + right);
  const x2 = v128.load(x + down);
  const x3 = v128.load(x + down + right);
  const over1 = f32x4.gt(x1, x0);
  const best1 = v128.bitselect(x1, x0, over1);
  const over2 = f32x4.gt(x2, best1);
  const over3 = f32x4.gt(x3, v128.bitselect(x2, best1, over2));
  v128.store(out + down + right, v128.and(share, over3));
  let left = v128.andnot(share, over3);
  v128.store(out + down, v128.and(left, over2));
  left = v128.andnot(left, over2);
  v128.store(out + right, v128.and(left, over1));
  v128.store(out, v128.andnot(left, over1));
}

/** One window, one channel. */
function spreadOne(x: usize, right: usize, down: usize, share: usize, out: usize): void {
  let best: usize = 0;
  if (load<f32>(x + right) > load<f32>(x)) best = right;
  if (load<f32>(x + down) > load<f32>(x + best)) best = down;
  if (load<f32>(x + down + right) > load<f32>(x + best)) best = down + right;
  store<f32>(out, 0);
  store<f32>(out + right, 0);
  store<f32>(out + down, 0);
  store<f32>(out + down + right, 0);
  store<f32>(out + best, load<f32>(share));
}
