/** What an exporter tells beside what it makes. */

/** Told in a sentence what the format cannot hold. */
export type FileNotice = (sentence: string) => void;
