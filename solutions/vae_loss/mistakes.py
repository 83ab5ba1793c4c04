"""Known mistakes in the loss of a variational autoencoder."""

from grader.suite import Mistake, replace

STD = "std = torch.exp(0.5 * logvar)"
Z = "return mu + std * noise"
VARIANCE = "variance = torch.exp(logvar)"
PER_DIMENSION = "per_dimension = 0.5 * (mu**2 + variance - 1 - logvar)"
SUMMED = "return per_dimension.sum(dim=1)"
PER_FEATURE = 'per_feature = F.binary_cross_entropy_with_logits(recon_logits, x, reduction="none")'
RECONSTRUCTION = "reconstruction = per_feature.flatten(start_dim=1).sum(dim=1)"
DIVERGENCE = "divergence = kl_divergence(mu, logvar)"
PER_SAMPLE = "per_sample = reconstruction + beta * divergence"
MEAN = "return per_sample.mean()"

KL = r"\mathrm{KL} = \tfrac12 \sum_z \left(\mu_z^2 + \sigma_z^2 - 1 - \log \sigma_z^2\right)"
LOSS = r"\frac1N \sum_n \Big(\sum_d \mathrm{BCE}_{nd} + \beta \, \mathrm{KL}_n\Big)"


def drawn(expression):
    return replace(Z, f"return mu + std * {expression}")


def by_hand(first, second):
    """Binary cross-entropy from probabilities, with these two logarithms."""
    return replace(
        PER_FEATURE,
        f"p = torch.sigmoid(recon_logits)\n    per_feature = -(x * {first} + (1 - x) * {second})",
    )


MISTAKES = [
    Mistake(
        "no_kl_term",
        "The loss has no KL term",
        """Only the reconstruction is minimised. Then nothing keeps the encoder's distributions near the standard
        normal: it shrinks σ to zero and spreads the means as it likes, which is a plain autoencoder. Samples drawn from
        the standard normal then decode to nothing sensible. Add beta · KL to the reconstruction.""",
        replace(PER_SAMPLE, "per_sample = reconstruction + 0 * divergence"),
        replace(PER_SAMPLE, "per_sample = reconstruction"),
        formula=LOSS,
        textbook=True,
    ),
    Mistake(
        "no_sampling",
        "The latent is used as it is, without sampling",
        """z is the mean itself (or does not depend on the noise), so the decoder never sees the spread that logvar
        describes, and logvar gets no gradient from the reconstruction. A VAE decodes a draw from N(mu, σ²): z = mu + σ
        · noise.""",
        replace(Z, "return mu"),
        replace(Z, "return mu + 0 * (std * noise)"),
        replace(Z, "return mu + std"),
        replace(Z, "return mu + logvar"),
        formula=r"z = \mu + \sigma \odot \varepsilon, \quad \varepsilon \sim \mathcal N(0, 1)",
        textbook=True,
    ),
    Mistake(
        "logvar_taken_for_std",
        "logvar is taken for the standard deviation",
        """logvar may be any real number, a standard deviation may not be negative: that is why the network predicts the
        logarithm. With logvar in the place of σ a logvar of 0, which means σ = 1, switches the noise off. Turn it into
        σ first: σ = exp(½ · logvar), σ² = exp(logvar).""",
        replace(STD, "std = logvar"),
        replace(STD, "std = logvar.abs()"),
        replace(VARIANCE, "variance = logvar**2"),
        [
            replace(VARIANCE, "variance = logvar**2"),
            replace(PER_DIMENSION, PER_DIMENSION[:-7] + "torch.log(logvar**2))"),
        ],
        [
            replace(VARIANCE, "variance = logvar**2"),
            replace(PER_DIMENSION, PER_DIMENSION[:-7] + "2 * torch.log(logvar))"),
        ],
        [replace(VARIANCE, "variance = logvar**2"), replace(PER_DIMENSION, PER_DIMENSION[:-7] + "torch.log(logvar))")],
        [
            replace(VARIANCE, "variance = logvar**2"),
            replace(PER_DIMENSION, PER_DIMENSION[:-7] + "torch.log(logvar**2 + 1e-8))"),
        ],
        formula=r"\sigma = e^{\frac12 \log \sigma^2}",
    ),
    Mistake(
        "logvar_taken_for_variance",
        "logvar is taken for the variance",
        """logvar may be any real number, a variance may not be negative: its root is then NaN. logvar is the logarithm
        of the variance: σ² = exp(logvar) and σ = exp(½ · logvar).""",
        replace(STD, "std = torch.sqrt(logvar)"),
        replace(STD, "std = torch.sqrt(logvar.abs())"),
        replace(VARIANCE, "variance = logvar"),
        [replace(VARIANCE, "variance = logvar"), replace(PER_DIMENSION, PER_DIMENSION[:-7] + "torch.log(logvar))")],
    ),
    Mistake(
        "half_missing_in_exponent",
        "σ is computed as exp(logvar), without the ½",
        """exp(logvar) is the variance σ², not σ. The root halves the logarithm: σ = exp(½ · logvar). For logvar = 0
        both are 1, which hides the mistake; for logvar = 2 the noise is scaled by 7.4 instead of 2.7.""",
        replace(STD, "std = torch.exp(logvar)"),
        replace(VARIANCE, "variance = torch.exp(logvar) ** 2"),
        [
            replace(VARIANCE, "variance = torch.exp(logvar) ** 2"),
            replace(PER_DIMENSION, "per_dimension = 0.5 * (mu**2 + variance - 1 - 2 * logvar)"),
        ],
        [
            replace(VARIANCE, "variance = torch.exp(logvar) ** 2"),
            replace(PER_DIMENSION, "per_dimension = 0.5 * (mu**2 + variance - 1) - 2 * logvar"),
        ],
        [
            replace(VARIANCE, "variance = torch.exp(logvar) ** 2"),
            replace(PER_DIMENSION, "per_dimension = mu**2 + variance - 1 - 2 * logvar"),
        ],
        formula=r"\sigma = \sqrt{\sigma^2} = e^{\frac12 \log \sigma^2}",
    ),
    Mistake(
        "std_for_variance_in_kl",
        "The KL divergence uses σ where σ² belongs",
        """The formula holds mu², σ² and log σ², and logvar is log σ² already: σ² is exp(logvar), not exp(½ · logvar).
        With σ in its place the minimum is no longer at σ = 1, so the latents are pulled to the wrong spread.""",
        replace(VARIANCE, "variance = torch.exp(0.5 * logvar)"),
        [
            replace(VARIANCE, "variance = torch.exp(0.5 * logvar)"),
            replace(PER_DIMENSION, "per_dimension = 0.5 * (mu**2 + variance - 1 - 0.5 * logvar)"),
        ],
        replace(PER_DIMENSION, "per_dimension = 0.5 * (mu**2 + variance - 1 - 0.5 * logvar)"),
        formula=KL,
    ),
    Mistake(
        "kl_sign",
        "A sign of the KL divergence is wrong",
        """A KL divergence is never negative, and 0 only where the two distributions are the same. With the sign flipped
        the loss rewards latents that lie far from the standard normal, and falls without end. −½ Σ (1 + log σ² − mu² −
        σ²) and ½ Σ (mu² + σ² − 1 − log σ²) are the same; mixing the two is how the sign gets lost.""",
        replace(PER_DIMENSION, "per_dimension = 0.5 * (1 + logvar - mu**2 - variance)"),
        replace(PER_SAMPLE, "per_sample = reconstruction - beta * divergence"),
        [
            replace(PER_DIMENSION, "per_dimension = 0.5 * (1 + logvar - mu**2 - variance)"),
            replace(PER_SAMPLE, "per_sample = reconstruction - beta * divergence"),
        ],
        replace(PER_DIMENSION, "per_dimension = 0.5 * (mu**2 + variance - 1 + logvar)"),
        replace(PER_DIMENSION, "per_dimension = 0.5 * (mu**2 + variance + 1 - logvar)"),
        replace(PER_DIMENSION, "per_dimension = 0.5 * (mu**2 - variance - 1 - logvar)"),
        replace(PER_DIMENSION, "per_dimension = 0.5 * (variance - mu**2 - 1 - logvar)"),
        replace(PER_DIMENSION, "per_dimension = -0.5 * (1 + logvar - mu**2 + variance)"),
        replace(PER_DIMENSION, "per_dimension = -0.5 * (1 + logvar + mu**2 + variance)"),
        formula=KL,
    ),
    Mistake(
        "kl_half_missing",
        "The ½ of the KL divergence is missing",
        """The KL divergence between two normal distributions carries a factor ½ in front of the whole sum. Without it
        the latents are pulled to the standard normal twice as hard, as with beta = 2. For mu = 1, logvar = 0 in one
        dimension the divergence is ½.""",
        replace(PER_DIMENSION, "per_dimension = mu**2 + variance - 1 - logvar"),
        replace(PER_DIMENSION, "per_dimension = 0.5 * mu**2 + variance - 1 - logvar"),
        replace(PER_DIMENSION, "per_dimension = 0.5 * (mu**2 + variance - 1) - logvar"),
        formula=KL,
    ),
    Mistake(
        "kl_averaged_over_latents",
        "The KL divergence is averaged over the latent dimensions",
        """The dimensions are independent, so their divergences add up: the divergence of a sample is the sum over its
        latent dimensions. The mean makes it Z times too small, and beta means something else for every size of the
        latent space.""",
        replace(SUMMED, "return per_dimension.mean(dim=1)"),
        replace(SUMMED, "return per_dimension.mean()"),
        formula=KL,
    ),
    Mistake(
        "kl_not_per_sample",
        "The KL divergence is added up or averaged over the samples too early",
        """Every sample has a divergence of its own: kl_divergence answers (N,), summing over the latent dimensions (dim
        1) only. Summed over the batch as well, the KL term of the loss grows with the batch while the reconstruction, a
        mean over samples, does not.""",
        replace(SUMMED, "return per_dimension.sum()"),
        replace(SUMMED, "return per_dimension.sum(dim=1).mean()"),
        replace(SUMMED, "return per_dimension.sum(dim=0)"),
    ),
    Mistake(
        "reconstruction_averaged_over_features",
        "The reconstruction is averaged over the features",
        """The mean over all pixels, which F.binary_cross_entropy_with_logits takes by default, makes the reconstruction
        D times smaller than the KL term expects: the KL term wins, and the encoder stops telling samples apart. Sum
        over the features of a sample, then average over the samples.""",
        replace(RECONSTRUCTION, "reconstruction = per_feature.flatten(start_dim=1).mean(dim=1)"),
        [
            replace(RECONSTRUCTION, "reconstruction = per_feature.flatten(start_dim=1).mean(dim=1)"),
            replace(PER_SAMPLE, "per_sample = reconstruction + beta * divergence / mu.shape[1]"),
        ],
        replace(RECONSTRUCTION, "reconstruction = per_feature.flatten(start_dim=2).mean(dim=-1).flatten(1).sum(dim=1)"),
        formula=LOSS,
    ),
    Mistake(
        "summed_over_batch",
        "The loss is summed over the samples",
        """The loss is the mean over the samples, so that a step has the same size whatever the batch is. Here the
        reconstruction, the KL term or both are summed over the batch (reduction='sum') and not divided by N.""",
        replace(MEAN, "return per_sample.sum()"),
        replace(MEAN, "return reconstruction.sum() + beta * divergence.mean()"),
        replace(MEAN, "return reconstruction.mean() + beta * divergence.sum()"),
        formula=LOSS,
    ),
    Mistake(
        "beta_misplaced",
        "beta is ignored, or weighs the wrong term",
        """beta belongs to the KL term alone: beta = 0 leaves the reconstruction as it is, and a large beta presses the
        latents towards the standard normal. With beta = 1 the mistake does not show.""",
        replace(PER_SAMPLE, "per_sample = reconstruction + divergence"),
        replace(PER_SAMPLE, "per_sample = beta * reconstruction + divergence"),
        replace(PER_SAMPLE, "per_sample = beta * (reconstruction + divergence)"),
        replace(PER_SAMPLE, "per_sample = (1 - beta) * reconstruction + beta * divergence"),
        formula=LOSS,
    ),
    Mistake(
        "noise_drawn_inside",
        "The noise is drawn inside, and the argument ignored",
        """reparameterize gets its noise as an argument, so that the caller decides where randomness comes from and a
        run can be repeated. Drawing it inside (torch.randn_like, torch.randn) reads the global generator and gives
        another z at each call. Use `noise` as it is.""",
        drawn("torch.randn_like(std)"),
        drawn("torch.randn(std.shape)"),
        drawn("(noise + torch.randn_like(std))"),
        drawn("(noise * torch.randn_like(std))"),
        drawn("torch.rand_like(std)"),
        drawn("torch.from_numpy(__import__('numpy').random.randn(*std.shape)).to(std.dtype)"),
        replace(Z, "return torch.distributions.Normal(mu, std).rsample()"),
    ),
    Mistake(
        "sigmoid_twice",
        "The sigmoid is applied twice",
        """recon_logits are turned into probabilities and then given to a loss that applies the sigmoid again. The
        result lies between 0.5 and 0.73, so no pixel can ever be reconstructed as black. Give logits to
        binary_cross_entropy_with_logits.""",
        replace(PER_FEATURE, PER_FEATURE.replace("(recon_logits,", "(torch.sigmoid(recon_logits),")),
        formula=r"\mathrm{BCE} = -x \log \sigma(\ell) - (1 - x) \log(1 - \sigma(\ell))",
    ),
    Mistake(
        "log_of_zero",
        "The logarithm of a probability that rounded to 0 or 1",
        """sigmoid(1000) is exactly 1 in floating point, so log(1 − p) is log(0) = −∞, and 0 · ∞ is NaN. A small
        constant inside the logarithm or a clamp only hides it: the loss stops growing at about 18 or 100 and the
        gradient vanishes where it is needed most. Work on the logits: log(1 + exp(ℓ)) − x·ℓ in its stable form, or
        F.binary_cross_entropy_with_logits.""",
        by_hand("torch.log(p)", "torch.log(1 - p)"),
        by_hand("F.logsigmoid(recon_logits)", "torch.log(1 - p)"),
        by_hand("torch.log(p)", "F.logsigmoid(-recon_logits)"),
        replace(
            PER_FEATURE,
            'per_feature = F.binary_cross_entropy(torch.sigmoid(recon_logits), x, reduction="none")',
        ),
        *(
            by_hand(f"torch.log(p + {eps})", f"torch.log(1 - p + {eps})")
            for eps in ("1e-4", "1e-5", "1e-6", "1e-7", "1e-8", "1e-9", "1e-10", "1e-12", "1e-15", "1e-20")
        ),
        *(
            by_hand(f"torch.log(p.clamp({eps}, 1 - {eps}))", f"torch.log(1 - p.clamp({eps}, 1 - {eps}))")
            for eps in ("1e-4", "1e-5", "1e-6", "1e-7", "1e-8", "1e-9", "1e-10", "1e-12")
        ),
        replace(PER_FEATURE, "per_feature = torch.log(1 + torch.exp(recon_logits)) - x * recon_logits"),
        formula=r"\mathrm{BCE} = \max(\ell, 0) - x\,\ell + \log\left(1 + e^{-|\ell|}\right)",
    ),
    Mistake(
        "squared_error",
        "The reconstruction is a squared error",
        """(p − x)² is the loss of a Gaussian decoder. Here the decoder's logits describe Bernoulli pixels, whose loss
        is the binary cross-entropy; its gradient in the logits is p − x and does not vanish where the decoder is
        confidently wrong.""",
        replace(PER_FEATURE, "per_feature = (torch.sigmoid(recon_logits) - x) ** 2"),
        replace(PER_FEATURE, "per_feature = (recon_logits - x) ** 2"),
    ),
    Mistake(
        "modified_in_place",
        "An input is modified in place",
        """exp_(), mul_() and += write into the tensor that the caller passed in, who then goes on with other numbers
        than before (and autograd raises for a leaf). Use the functions without an underscore.""",
        replace(STD, "std = logvar.mul_(0.5).exp_()"),
        replace(VARIANCE, "logvar_before = logvar.clone()\n    variance, logvar = logvar.exp_(), logvar_before"),
    ),
    Mistake(
        "mu_not_squared",
        "The divergence has μ where μ² belongs",
        """The distance from the standard normal does not depend on the sign of μ and grows with its square. With μ
        itself the divergence can be made as small as one likes by a large negative mean.""",
        replace(PER_DIMENSION, PER_DIMENSION.replace("mu**2", "mu")),
        replace(PER_DIMENSION, PER_DIMENSION.replace("mu**2", "mu.abs()")),
        formula=KL,
    ),
    Mistake(
        "kl_without_one",
        "The 1 of the KL divergence is missing",
        """Of two equal distributions the divergence is 0: with μ = 0 and log σ² = 0 it takes the −1 to cancel σ² = 1.
        Without it the loss is too large by half the number of latent dimensions.""",
        replace(PER_DIMENSION, "per_dimension = 0.5 * (mu**2 + variance - logvar)"),
        formula=KL,
    ),
    Mistake(
        "divergence_reversed",
        "The divergence runs from the standard normal to the encoder's distribution",
        """KL(q ‖ p) is not KL(p ‖ q). The encoder's distribution q stands first: the mean of log q − log p is taken
        over what the encoder draws.""",
        replace(PER_DIMENSION, "per_dimension = 0.5 * (logvar + (1 + mu**2) / variance - 1)"),
        formula=KL,
    ),
    Mistake(
        "only_the_ones_count",
        "The reconstruction counts only the part of x, not that of 1 − x",
        """The cross-entropy of a Bernoulli variable has two parts, x·log p and (1 − x)·log(1 − p). Without the second a
        decoder that answers "1" everywhere is perfect.""",
        replace(PER_FEATURE, "per_feature = -x * F.logsigmoid(recon_logits)"),
        formula=r"-\sum_d \big[x_d \log p_d + (1 - x_d) \log(1 - p_d)\big]",
    ),
    Mistake(
        "parts_returned_too",
        "The parts of the loss are returned beside it",
        """vae_loss returns one 0-dim tensor, on which backward() is called.""",
        replace(MEAN, "return per_sample.mean(), reconstruction.mean(), divergence.mean()"),
        replace(MEAN, "return per_sample.mean(), reconstruction, divergence"),
    ),
    Mistake(
        "sigma_of_another_function",
        "σ is another function of logvar",
        """logvar = log σ², so σ = exp(½ logvar). exp(−½ logvar) is its inverse; softplus is what some networks use that
        do not answer with a logarithm.""",
        replace(STD, "std = torch.exp(-0.5 * logvar)"),
        replace(STD, "std = F.softplus(logvar)"),
        formula=r"\sigma = e^{\frac12 \log \sigma^2}",
    ),
    Mistake(
        "noise_and_mean_mixed_up",
        "The noise multiplies the mean instead of σ",
        """z = mu + σ · noise: the mean is where z lies without noise, and σ says how far the noise moves it.""",
        replace(Z, "return std + mu * noise"),
        replace(Z, "return noise + mu * std"),
        replace(Z, "return (mu + std) * noise"),
    ),
    Mistake(
        "sampling_detached",
        "No gradient reaches mu or logvar through the sample",
        """That z = mu + σ · noise can be differentiated in mu and logvar is what it is written for. detach(), .data or
        no_grad cut the encoder off from the reconstruction.""",
        replace(Z, "return mu + std.detach() * noise"),
        replace(Z, "return mu.detach() + std * noise"),
        replace(Z, "return (mu + std * noise).detach()"),
    ),
    Mistake(
        "targets_rounded",
        "x is rounded to 0 or 1",
        """x lies in [0, 1] and need not be 0 or 1: a grey of 0.4 asks for p = 0.4.""",
        replace(PER_FEATURE, PER_FEATURE.replace("recon_logits, x,", "recon_logits, x.round(),")),
        replace(PER_FEATURE, PER_FEATURE.replace("recon_logits, x,", "recon_logits, (x > 0.5).to(x.dtype),")),
    ),
    Mistake(
        "only_the_last_axis_summed",
        "Only the last axis is summed, and the others are averaged",
        """Everything but N counts as features: images (N, C, H, W) are summed over three axes.""",
        replace(
            RECONSTRUCTION,
            "reconstruction = per_feature.sum(dim=-1).reshape(len(x), -1).mean(dim=1)",
        ),
    ),
]
