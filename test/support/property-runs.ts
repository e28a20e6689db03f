/** How often a property is tried: quickly on every `npm test`, long where BREAKWATER_LONG is set (to anything but 0). */

/** Runs of a fast-check property: `normal`, or `long` in a long run. */
export function propertyRuns(normal: number, long: number): number {
  const asked = process.env.BREAKWATER_LONG;
  return asked === undefined || asked === '' || asked === '0' ? normal : long;
}
