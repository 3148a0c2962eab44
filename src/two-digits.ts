/** Two digits: 7 as "07", in dates and times of day. */
export function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
