/**
 * How long the same post may be a repetition, for what a client posts unmarked and a person or program might mean twice.
 *
 * Clients post such things one at a time; one whose answer was lost comes again after 2.5 s at most, and after twice that the next time.
 * Two lost answers in a row are covered, and whoever says the same every ten seconds is heard each time.
 */
export const samePostMs = 8_000;
