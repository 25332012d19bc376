import { describe, expect, test } from 'vitest';
import { emojize, isPurelyEmoji } from '../../mock/validation/emoji.ts';

// The result of Python's emoji 2.15.
describe('names of emoji', () => {
  test.each([
    [':rocket:', '🚀'],
    [':ｒocket:', '🚀'],
    [':thumbs_up:', '👍\ufe0f'],
    [':twelve_o’clock:', '🕛\ufe0f'],
    [':keycap_#:', '#\ufe0f\u20e3'],
    [':A_button_(blood_type):', '🅰\ufe0f'],
    [':rocket::rocket:', '🚀🚀'],
    ['a :rocket: b', 'a 🚀 b'],
    [':thumbsup: :Rocket:', ':thumbsup: :Rocket:'],
    ['::', '::'],
  ])('%s', (text, shown) => expect(emojize(text)).toBe(shown));

  test.each(['🚀', '🚀🕛🚀', '🚀\u200d🚀', '🚀♥', '👨‍👩‍👧', '#\ufe0f\u20e3'])('%s is emoji', (text) =>
    expect(isPurelyEmoji(text)).toBe(true),
  );
  test.each(['🚀 ', 'a', '#', ':rocket:'])('%j is not', (text) => expect(isPurelyEmoji(text)).toBe(false));
});
