import { useState } from 'preact/hooks';
import type { ItemView } from '../../src/contract/menu.ts';
import { PHOTO_WIDTHS, PHOTOS } from '../../src/contract/photo.ts';

/**
 * The dish's photo, at a size that is known before it comes, so that no text moves. Without one, or when it doesn't arrive, there is
 * none: a drawing that is nearly the dish, eleven times, says less than the room it takes. Photos wait for scripts and words.
 */
export function DishPicture({ item, large }: { item: ItemView; large?: boolean }) {
  const [failed, setFailed] = useState(false);
  const { photo } = item;
  if (!photo || failed) return null;
  return (
    <span class={`picture ${large ? 'large' : ''}`} aria-hidden="true">
      <img
        srcset={
          photo.startsWith(PHOTOS) ? PHOTO_WIDTHS.map((width) => `${photo}/${width}.webp ${width}w`).join() : undefined
        }
        sizes={large ? 'min(100vw,560px)' : '96px'}
        src={photo}
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
