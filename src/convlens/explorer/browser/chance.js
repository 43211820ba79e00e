/** What chance explains: guessing, and the difference that switching a filter off makes. */

const LEVEL = 0.05;

/**
 * The probability of `least` or more successes among `n`.
 * @param {number} least
 * @param {number} n
 * @param {number} p of one success, between 0 and 1
 */
export function tail(least, n, p) {
  let [sum, log] = [0, n * Math.log(1 - p)];
  for (let k = 0; k <= n; k++) {
    if (k >= least) sum += Math.exp(log);
    log += Math.log(((n - k) / (k + 1)) * (p / (1 - p)));
  }
  return Math.min(sum, 1);
}

/**
 * McNemar's exact test, two-sided: may answers that changed both ways have changed by chance?
 * @param {number} lost right before, wrong now
 * @param {number} gained wrong before, right now
 * @returns {number} p
 */
export function mcnemar(lost, gained) {
  return Math.min(1, 2 * tail(Math.max(lost, gained), lost + gained, 0.5));
}

/**
 * The smallest difference that the test tells from chance where at least so many answers change.
 * @param {number} changed
 */
export function leastTold(changed) {
  for (let difference = 1; ; difference++) {
    const all = Math.max(changed + ((changed + difference) % 2), difference);
    if (mcnemar((all + difference) / 2, (all - difference) / 2) <= LEVEL) return difference;
  }
}

/**
 * @param {number} p
 * @returns {boolean} whether chance explains so rare a result
 */
export function explains(p) {
  return p > LEVEL;
}

/**
 * Whether a first answer is a guess: its share is less than twice that of chance. Of two classes twice would be
 * all: there it is less than halfway from chance to certainty.
 * @param {number} share 0 to 1
 * @param {number} classes
 */
export function isGuess(share, classes) {
  return share < Math.min(2 / classes, (1 + 1 / classes) / 2);
}

/**
 * Whether so many right answers are no more than chance gives to who always says the most frequent class.
 * @param {boolean[]} right
 * @param {number[]} labels
 */
export function guesses(right, labels) {
  const counts = new Map();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const most = Math.max(...counts.values()) / labels.length;
  if (most === 1) return false; // of one class only: nothing to tell
  return explains(tail(right.filter(Boolean).length, labels.length, most));
}
