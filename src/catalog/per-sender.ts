/** What was filed in a journal, of each sender no more than so much: who files without end pushes out what he filed himself. */

/** So many of the keys that went are remembered. */
const maxGone = 200_000;

/** The keys of one sender, in the order in which they came. */
interface Queue {
  keys: string[];
  /** Where the oldest is. */
  at: number;
  /** How many are still the sender's: another may have set some anew. */
  count: number;
}

export class PerSender<Value> {
  readonly #values = new Map<string, { readonly value: Value; readonly sender: string | null }>();
  readonly #queues = new Map<string, Queue>();
  readonly #most: number;
  readonly #omitted = new Map<string, number>();
  readonly #gone = new Set<string>();

  /** So many values of one sender. */
  constructor(most: number) {
    this.#most = most;
  }

  get(key: string): Value | undefined {
    return this.#values.get(key)?.value;
  }

  /** Whether it has it, or had it and let it go. */
  knows(key: string): boolean {
    return this.#values.has(key) || this.#gone.has(key);
  }

  /** A sender that is null has no bound; of any other the value that came first goes, when there are too many. */
  set(key: string, value: Value, sender: string | null): void {
    const known = this.#values.get(key)?.sender;
    this.#values.set(key, { value, sender });
    if (known === sender) return;
    const before = this.#queues.get(known ?? "");
    if (before !== undefined) before.count--;
    if (sender === null) return;
    const queue = this.#queues.get(sender) ?? { keys: [], at: 0, count: 0 };
    this.#queues.set(sender, queue);
    queue.keys.push(key);
    queue.count++;
    while (queue.count > this.#most) this.#drop(queue, sender);
  }

  values(): Value[] {
    return [...this.#values.values()].map(({ value }) => value);
  }

  /** How many values of whom went. */
  get omitted(): ReadonlyMap<string, number> {
    return this.#omitted;
  }

  #drop(queue: Queue, sender: string): void {
    const key = queue.keys[queue.at++] ?? "";
    if (queue.at > this.#most) {
      queue.keys = queue.keys.slice(queue.at);
      queue.at = 0;
    }
    if (this.#values.get(key)?.sender !== sender) return;
    this.#values.delete(key);
    if (this.#gone.size < maxGone) this.#gone.add(key);
    queue.count--;
    this.#omitted.set(sender, (this.#omitted.get(sender) ?? 0) + 1);
  }
}
