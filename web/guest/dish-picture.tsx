import { useState } from 'preact/hooks';
import type { ItemView } from '../../src/contract/menu.ts';

/**
 * The dish's photo, at a size that is known before it comes, so that no text moves. Without one, or when it doesn't arrive, there is
 * none: a drawing that is nearly the dish, eleven times, says less than the room it takes. Photos wait for scripts and words.
 */
export function DishPicture({ item, large }: { item: ItemView; large?: boolean }) {
  const [failed, setFailed] = useState(false);
  if (!item.photo || failed) return null;
  return (
    <span class={`picture ${large ? 'large' : ''}`} aria-hidden="true">
      <img
        src={item.photo}
        alt=""
        width={large ? 560 : 96}
        height={large ? 220 : 96}
        loading={large ? 'eager' : 'lazy'}
        fetchpriority="low"
        decoding="async"
        onError={() => setFailed(true)}
      />
    </span>
  );
}
