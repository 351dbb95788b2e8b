"""What generated libraries are made of: words, names, venues."""

_WORDS = """learning neural networks deep gradient descent training models stochastic of for the and with in on via
optimization generalization sharpness linear convergence dynamics kernel feature large language transformer
attention scaling laws representation loss landscape implicit bias regularization stability edge weight decay
normalization batch adaptive momentum network width depth infinite limit mean field random matrix theory
spectral analysis data augmentation self supervised contrastive diffusion generative adversarial reinforcement
policy reward alignment robust efficient fast towards understanding rethinking toward simple unified framework
approach method benchmark evaluation survey tutorial introduction causal bayesian inference sampling
variational gaussian process sparse convolutional recurrent graph equivariant symmetry group invariant physics
informed operator curvature hessian natural fisher information bottleneck compression pruning quantization
distillation transfer few shot zero meta continual federated private fair interpretable mechanistic circuits
features superposition"""
_SYLLABLES = """ba co di fu ga le mi no pa re si to va zu ler tion ment graph plex tri mono poly net ham der var cal sol qua"""
_FAMILIES = """Cohen Zhang Wang Li Chen Müller García Nguyen Kim Smith Johnson Sørensen Łukasik Šimić Ivanov Dupont Rossi
Tanaka Sato Silva Hernández Kowalski Novák Lindqvist Öztürk Papadopoulos O'Neill van~der~Berg de~la~Cruz
Fernández Brown Jones Lee Park Singh Patel Gupta Kumar Abebe Okafor Haddad Nasser Levy Goldberg Fischer Weber
Schmidt Jensen Larsen Virtanen"""
_GIVEN = """Jeremy Alex Sara Yann Geoffrey Mia Noah Emma Liam Sofia José Ana Wei Ming Hao Yuki Kenji Amit Priya Fatima
Omar Chloé Zoë Łukasz Søren Björn Ingrid Olga Ivan Elena Marco Giulia Pierre Claire Hans Greta Kofi Ama Diego
Lucía"""

WORDS = tuple(_WORDS.split())
SYLLABLES = tuple(_SYLLABLES.split())
FAMILIES = tuple(name.replace("~", " ") for name in _FAMILIES.split())
GIVEN = tuple(_GIVEN.split())
JOURNALS = (
    "Journal of Machine Learning Research",
    "Neural Computation",
    "SIAM Journal on Optimization",
    "Proceedings of the National Academy of Sciences",
    "IEEE Transactions on Information Theory",
    "Annals of Statistics",
    "Physical Review E",
    r"Zeitschrift f{\"u}r Angewandte Mathematik",
)
MACROS = {
    "neurips": "Advances in Neural Information Processing Systems",
    "icml": "International Conference on Machine Learning",
    "iclr": "International Conference on Learning Representations",
    "colt": "Conference on Learning Theory",
    "aistats": "Artificial Intelligence and Statistics",
}
MATH = (r"$\ell_1$", r"$\mu$P", r"$O(1/\sqrt{n})$", r"{\'E}tude", r"G{\"o}del's")
ROLES = ("foundation", "result", "survey", "textbook", "empirical", "critique", "background")
