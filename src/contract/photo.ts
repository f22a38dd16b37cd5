/** Widths in pixels that a dish's photo is there in: a card on any phone, a dish's page on a small one, and on a large or sharp one. */
export const PHOTO_WIDTHS = [320, 640, 1280] as const;
/** Of `/photos/{id}` without a width, for whoever shows `photo` of a menu as it is. */
export const PHOTO_WIDTH = 640;
/** What photos of this server begin with. */
export const PHOTOS = '/photos/';
/** As a menu has it: `/photos/` and 192 bits of what is in it. */
export const PHOTO_PATTERN = '^/photos/[A-Za-z0-9_-]{32}$';
