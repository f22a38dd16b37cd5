import type { ItemView } from '../../../src/contract/menu.ts';

/**
 * The dish's photo, at a size that is known before it comes, so that no text moves. Without one, or when it doesn't arrive, there is
 * none: a drawing that is nearly the dish, eleven times, says less than the room it takes. Photos wait for scripts and words, as they are
 * only there when those are. The widths are those of `src/contract/photo.ts`.
 */
export function DishPicture({ item: { photo }, large }: { item: ItemView; large?: boolean }) {
  return photo ? (
    <span class={`picture ${large ? 'large' : ''}`} aria-hidden="true">
      <img
        src={photo}
        srcset={
          photo.startsWith('/photos/')
            ? `${photo}/320.webp 320w,${photo}/640.webp 640w,${photo}/1280.webp 1280w`
            : undefined
        }
        sizes={large ? '560px' : '96px'}
        alt=""
        width={large ? 560 : 96}
        height={large ? 220 : 96}
        loading="lazy"
        onError={({ currentTarget }) => {
          currentTarget.parentElement!.style.display = 'none';
        }}
      />
    </span>
  ) : null;
}
