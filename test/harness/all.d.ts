/** Everything that comes. */
export declare function all<Item>(items: AsyncIterable<Item>): Promise<Item[]>;
