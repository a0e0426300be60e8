/** How many columns of a terminal a text takes. Good for letters, CJK and emoji; ignores colours. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/^\p{M}$/u.test(character)) continue;
    width += wide.test(character) ? 2 : 1;
  }
  return width;
}

/** Source: the W and F ranges of https://www.unicode.org/Public/UCD/latest/ucd/EastAsianWidth.txt, roughly. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
