/** What the owner's books have to say about a month before its orders leave. */
export interface Books {
  /** Posts what is due. */
  post(): Promise<unknown>;
  /** Nobody posts, and nobody makes a day anew, while `work` runs. */
  hold<T>(work: () => Promise<T>): Promise<T>;
  /** @returns why the orders of these ids are still needed, in words; undefined when each of their days is posted and closed */
  needs(ids: { readonly from: string; readonly to: string }): Promise<string | undefined>;
}
