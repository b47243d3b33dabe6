import type { Orientation } from '../../../core/orientation.js'

/**
 * What an image looks like that lies in an orientation (what was applied to it, counter-clockwise), as sentences about `$img`. Counter-clockwise by 90 degrees, the upper edge
 * comes to the left, so heads of letters point left and text climbs; the others follow in the same way.
 */
export const LOOKS: Readonly<Record<Orientation, readonly string[]>> = {
  none: [
    '$Img {is|stands} upright {and the text runs from left to right|and nothing is mirrored}.',
    'The {text|lettering} {stands|is} upright {here|already} and reads {normally|from left to right}.',
    '$Img {lies|is} the right way {up|round}.',
    'Nothing is turned or mirrored {here|in $img}.',
  ],
  rotate_90: [
    '{The|All the} {text|lettering|writing} in $img {runs|climbs|reads} from bottom to top, {with the heads of the letters pointing left|and the tops of the letters face the left edge}.',
    '$Img {lies|is} on its side: {the lines climb upwards|words start at the bottom and go up} and what should be the top edge is on the left.',
    'The lines {of text |}{go|run} upwards {like the title on a spine read from below|instead of across}; I {would have to|must} tilt my head to the left to read them.',
    'Everything {in $img |}is turned a quarter {counter-clockwise|to the left}: the letters lie on their backs with their tops to the left.',
    '{Sideways text|The text is sideways}, {rising|going up} from the lower edge, tops to the left: $img has been turned counter-clockwise by 90 degrees.',
    'The {baseline of the text|bottom of each letter} is on its right and {the words climb|the text climbs}, so $img is rotated {counter-clockwise by a quarter turn|90 degrees to the left}.',
  ],
  rotate_270: [
    '{The|All the} {text|lettering|writing} in $img {runs|falls|reads} from top to bottom, {with the heads of the letters pointing right|and the tops of the letters face the right edge}.',
    '$Img {lies|is} on its side: {the lines go downwards|words start at the top and go down} and what should be the top edge is on the right.',
    'The lines {of text |}{go|run} downwards {like the title on a book spine|instead of across}; I {would have to|must} tilt my head to the right to read them.',
    'Everything {in $img |}is turned a quarter {clockwise|to the right}: the letters lie with their tops to the right.',
    '{Sideways text|The text is sideways}, {descending|going down} from the upper edge, tops to the right: $img has been turned clockwise by 90 degrees.',
    'The {baseline of the text|bottom of each letter} is on its left and {the words descend|the text descends}, so $img is rotated {clockwise by a quarter turn|90 degrees to the right}.',
  ],
  rotate_180: [
    '$Img {is|stands} on its head: {the letters are upside down and the lines start at the right|every line starts at the right and the letters hang downwards}.',
    'The {text|lettering|writing} is upside down, {but not mirrored|though no letter is mirrored}, so it is half a turn.',
    'Everything {in $img |}is upside down{ and the order of the lines is reversed|, the last line stands at the top|}; the letters themselves are {not mirrored|whole, only turned}.',
    'I see the {words|letters} upside down, {reading from right to left|running from the right edge to the left}, as on a sheet that somebody holds across the table.',
    '{Top and bottom as well as left and right have|Both directions have} changed places: $img is turned by 180 degrees.',
  ],
  flip_horizontal: [
    '{The|All the} letters in $img stand upright, but {they are mirrored|left and right are swapped}: {the words run from right to left|the text runs the wrong way}.',
    'The {text|lettering|writing} {looks|appears} as in a mirror, {upright but reversed|each letter reversed from left to right}.',
    '$Img is {mirrored|flipped} from left to right: {the beginnings of the lines are on the right|lines begin at the right edge} and {letters like E and R|the open sides of the letters} {face the wrong way|look the other way}.',
    'This is mirror writing{: top and bottom are right, left and right are not|, the right way up but back to front}.',
    'The lines are {level|horizontal} and the right way up, {yet|but} they read backwards{, as on glass seen from behind|}.',
  ],
  flip_vertical: [
    'The letters {in $img |}hang upside down, {yet|but} the words still run from left to right: top and bottom are {swapped|mirrored}.',
    '$Img looks like a reflection in water: {the lines still begin at the left, but the letters stand on their heads|heads down, but beginning at the left}.',
    'Everything is flipped from top to bottom{: the last line is at the top and each letter is mirrored downwards|; a plain half turn would have reversed left and right as well}.',
    'The text starts at the left as it should, but the letters are {upside down|the wrong way up} {and mirrored|, so it is a flip and no turn}.',
    'The {lines|words} run {in the usual direction|from left to right} with their heads down, so $img is mirrored {vertically|top to bottom}.',
  ],
  transpose: [
    'The text {runs|goes} downwards with the tops of the letters to the left, and {it is mirrored|the letters are mirrored}.',
    'It {lies|is} on its side and is mirrored {as well|besides}: lines go down, heads point left.',
  ],
  transverse: [
    'The text {runs|goes} upwards with the tops of the letters to the right, and {it is mirrored|the letters are mirrored}.',
    'It {lies|is} on its side and is mirrored {as well|besides}: lines go up, heads point right.',
  ],
}

/** The same in a few words, to follow "now it is". */
export const STATES: Readonly<Record<Orientation, string>> = {
  none: '{upright|the right way up}',
  rotate_90:
    '{lying on its side with the tops of the letters to the left|turned a quarter to the left|on its side with lines that climb}',
  rotate_270:
    '{lying on its side with the tops of the letters to the right|turned a quarter to the right|on its side with lines that go down}',
  rotate_180: '{upside down|standing on its head|turned by 180 degrees}',
  flip_horizontal: '{mirrored left to right|in mirror writing|reversed from left to right}',
  flip_vertical: '{flipped top to bottom|mirrored from top to bottom|like a reflection in water}',
  transpose: '{on its side and mirrored, the text going down|sideways and mirrored}',
  transverse: '{on its side and mirrored, the text climbing|sideways and mirrored}',
}
