/** What the question is after. */
export const GOAL: readonly string[] = [
  'The question is $clause.',
  'I am asked $clause.',
  'The question asks $clause.',
  '{I want to know|I need to know|What I have to find out is} $clause.',
  '{I need|I have to find|I am looking for} $target.',
  'What {matters|counts} {here |}$is $target.',
  'To answer{,|} I {need to see|have to see|need a good view of} $target.',
  'Everything depends on $target.',
  '{The question is about|My task is to read off|It comes down to} $target.',
]

/** The same, looking back. */
export const GOAL_RECALLED: readonly string[] = [
  'The question was $clause.',
  '{I was asked|What I had to find out was} $clause.',
  '{The question was about|I was asked for|What I was looking for $was} $target.',
]

/** What is done next; `$deeds` is put in before the rest is chosen. */
export const DECISION: readonly string[] = [
  'I will $deeds.',
  'I will $deeds.',
  'So I $deeds.',
  'Let me $deeds.',
  'The next step is to $deeds.',
  'My next step: $deeds.',
  'I {am going to|want to|had better} $deeds.',
  '{The obvious thing|The right thing|What helps} is to $deeds.',
  'That means I {should|have to|need to} $deeds.',
  'Therefore I $deeds.',
  'Now I $deeds.',
]

export const NOTE: readonly string[] = [
  '$Note.',
  '{Worth remembering|One detail|For the code}: $note.',
  '{I keep in mind that|Note that|I know that} $note.',
]

/** That something is too small in the view. */
export const SMALL: readonly string[] = [
  '$Target $is too small {to read|to be read|for me to read} at this size.',
  'I cannot make out $target {at this scale|in this view|from here}.',
  'In the view that I have{,|} $short $is {tiny|only a blur of a few pixels|far too small}.',
  '$Short {would take|will take} more {resolution|detail} than this view {has|offers}.',
  'I see $img at $view pixels only, {but|while} it {has|holds} $full, so there is more detail to be had.',
  'The view is {reduced|scaled down} to $view from $full{, which hides small print|: fine detail is lost in it|}.',
  'Without {enlarging|a closer look at} $short I {would be guessing|could only guess}.',
  '{Small details|Fine strokes} {get lost|disappear} at this size, and $short $is among {them|these}.',
]

/** Why the region is where it is. */
export const REGION: readonly string[] = [
  '{From the layout|Judging by the layout|As far as I can tell}{,|} $target $is {there|in that area|somewhere in there}.',
  'That {part|area|region} {should contain|should hold|ought to include} $target{ with some margin|}.',
  '{That is|This is} where $target {should be|must be}.',
  'In pixels that is x from $left to $right and y from $top to $bottom.',
  'The box is {about |}$left, $top to $right, $bottom{ in pixels of the full image|}.',
  'A region of $cropsize pixels {is enough|will do|leaves a little margin}.',
  'I leave {some|a little} margin {around it|on each side}{ so that nothing is cut off|}.',
]

/** What it should look like afterwards. */
export const EXPECT_UPRIGHT: readonly string[] = [
  'Then the text should {read normally|run from left to right|be readable}.',
  '{After that|Afterwards} {everything should be upright|the lines should be level and readable}.',
  'That should {put|bring} everything upright.',
  'If I am right, {the text reads normally afterwards|the words will stand as they should}.',
]

export const EXPECT_CLOSE: readonly string[] = [
  'Then $short should be {legible|large enough|easy to read}.',
  '{After that|Afterwards} I should be able to read $short.',
  'At full resolution $short should {become legible|be clear}.',
  'That should {show me|bring out} $target.',
]

/** Looks of what spoils an image, by its name. */
export const SPOILT: Readonly<Record<string, readonly string[]>> = {
  noise: [
    '{Black and white specks are|Noise is|Specks are} scattered all over $img.',
    '$Img is {full of|covered with|sprinkled with} {specks|noise|single black and white dots}.',
    'There is a lot of noise{ over the letters|, single pixels that are black or white|}.',
  ],
  blur: [
    'The strokes are {soft|blurred|out of focus}.',
    '$Img is {blurred|out of focus|not sharp}{, edges run into each other|}.',
    'It is {blurry|soft}{: letters melt into one another|, no edge is crisp|}.',
  ],
  'low-contrast': [
    '$Img is {pale|washed out|flat}: the text hardly stands out {from its ground|from the background}.',
    'Text and background have {almost|nearly} the same brightness.',
    'There is very little contrast{ in $img|, everything is grey on grey|}.',
  ],
}
