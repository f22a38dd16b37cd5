import type { TcpProxy } from './proxy.ts';

/** Makes lines that lead nowhere of some of a proxy's. */
export interface LineStaller {
  /** Through the proxy. */
  readonly url: string;
  /**
   * From now on nothing more gets through on the connections that are open and on which the client has said this word, and none of
   * them is closed. New ones work.
   * @param way as of `Line.silence`
   * @returns how many
   */
  stall(word: string, way?: 'both' | 'in'): number;
  /** The next connection on which the client says this word is stalled there and then, and the word swallowed. */
  stallAt(word: string): void;
  /** How many connections have been stalled. */
  readonly stalled: number;
}

export function stallLines(proxy: TcpProxy): LineStaller {
  let stallAt: string | undefined;
  let stalled = 0;
  proxy.rules.add({
    fromClient(bytes, line) {
      if (stallAt === undefined || !bytes.toString('latin1').toLowerCase().includes(stallAt)) return 'pass';
      stallAt = undefined;
      stalled += 1;
      line.silence('both');
      return 'swallow';
    },
  });
  return {
    url: proxy.url,
    stall(word, way = 'both') {
      const matching = [...proxy.lines].filter((line) => line.said.includes(word.toLowerCase()));
      for (const line of matching) line.silence(way);
      stalled += matching.length;
      return matching.length;
    },
    stallAt(word) {
      stallAt = word.toLowerCase();
    },
    get stalled() {
      return stalled;
    },
  };
}
