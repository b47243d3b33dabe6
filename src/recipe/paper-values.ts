/** What the paper says of its training (sections 3 and 4); its release has other values for some. */
export const PAPER_VALUES: Readonly<Record<string, string>> = {
  'RL rolloutsPerPrompt': '8',
  'RL promptsPerStep': '64',
  'RL epochs': '2',
  'RL learningRate': '0.000001',
  'RL klCoefficient': '0.001',
  'SFT learningRate': '0.000005',
  'SFT epochs': '2',
  'SFT schedule': 'cosine',
  'SFT warmUp': '0.05',
}
