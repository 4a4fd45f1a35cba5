/** As many operations as the engine has under way at once on two cores. */
export const AT_A_TIME = 8;

/** Hands items over as the engine does: so many at a time, the next ones when these are done. */
export async function inWaves<Item, Result>(
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += AT_A_TIME) {
    const wave = items.slice(start, start + AT_A_TIME);
    results.push(...(await Promise.all(wave.map((item, index) => work(item, start + index)))));
  }
  return results;
}
