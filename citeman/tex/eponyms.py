"""Names that science has made words of: they keep their capital in a title of any style."""

_WORDS = """
Abel Abelian Adam Adaboost Arnold Bach Banach Bayes Bayesian Bellman Bernoulli Bessel Bethe Boltzmann Boolean Born Bregman
    Brouwer Brownian Carlo Cartesian Cauchy Cayley Chebyshev Chernoff Cholesky Cramér Dantzig Darwin Darwinian Dirac Dirichlet
    Einstein Euclid Euclidean Euler Eulerian Fenchel Fermat Fisher Fokker Fourier Freud Frobenius Galerkin Gauss Gaussian Gibbs
    Gödel Gram Grassmann Grassmannian Green Haar Hadamard Hamilton Hamiltonian Hamming Hausdorff Hebbian Heisenberg Hermite
    Hermitian Hessian Hilbert Hopfield Huber Ising Itô Jacobi Jacobian Jensen Kalman Kolmogorov Kronecker Krylov Kullback Lagrange
    Lagrangian Langevin Laplace Laplacian Lebesgue Legendre Leibler Levenberg Lévy Lie Lindeberg Lipschitz Lojasiewicz Lyapunov
    Łojasiewicz Mahalanobis Markov Markovian Marquardt Mercer Metropolis Minkowski Monte Nash Navier Nesterov Newton Newtonian
    Nyquist Nyström Ornstein Pareto Parisi Pascal Pearson Perron Planck Poincaré Poisson Polyak Pontryagin Rademacher Ramsey
    Rényi Riemann Riemannian Robbins Ruelle Schrödinger Schur Schwarz Shannon Sherrington Sobolev Stein Stiefel Stokes Sylvester
    Taylor Tikhonov Toeplitz Turing Uhlenbeck Vapnik Vlasov Voronoi Wald Wasserstein Weierstrass Wiener Wigner Wishart
    African American Asian Chinese English European French German Greek Indian Japanese Latin Russian Spanish
"""

EPONYMS = frozenset(_WORDS.split())
"""Proper names and their adjectives as they stand in titles; add one when a title lost its capital."""
