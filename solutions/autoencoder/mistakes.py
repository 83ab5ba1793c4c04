"""Known mistakes in an autoencoder and in its reconstruction loss."""

from grader.suite import Mistake, replace

WIDTHS = "encoder_widths = [input_dim, *hidden_dims, latent_dim]"
MIRRORED = "decoder_widths = encoder_widths[::-1]"
DECODER = "self.decoder = linear_layers(decoder_widths)"
MODULES = "return nn.ModuleList(nn.Linear(fan_in, fan_out) for fan_in, fan_out in pairs)"
HIDDEN = "h = torch.relu(layer(h))"
LATENT = "latent = self.encoder[-1](h)"
START = "u = z\n"
HIDDEN_BACK = "u = torch.relu(layer(u))"
PRE_ACTIVATION = "pre_activation = self.decoder[-1](u)"
SIGMOID = "return torch.sigmoid(pre_activation)"
Z = "z = self.encode(x)"
FORWARD = "return self.decode(z)"

ERROR = "squared_error = (x_hat - x) ** 2"
PER_EXAMPLE = "per_example = squared_error.sum(dim=1)"
MEAN = "return per_example.mean()"

LOSS = r"L = \frac1N \sum_n \sum_d (\hat x_{nd} - x_{nd})^2"


def latent(expression):
    return replace(LATENT, f"latent = {expression}")


def hidden(expression, back):
    return [replace(HIDDEN, f"h = {expression}"), replace(HIDDEN_BACK, f"u = {back}")]


def decoder(widths):
    return replace(MIRRORED, f"decoder_widths = {widths}")


MISTAKES = [
    Mistake(
        "activation_on_latent",
        "The latent code goes through an activation",
        """A ReLU on the last layer of the encoder makes every code non-negative, and a unit that is negative for all
        inputs is lost for good; a sigmoid or tanh squeezes the code into a box. The code should be free to use all of
        the space: the last layer of the encoder is linear.""",
        latent("torch.relu(self.encoder[-1](h))"),
        latent("torch.sigmoid(self.encoder[-1](h))"),
        latent("torch.tanh(self.encoder[-1](h))"),
        latent("nn.functional.leaky_relu(self.encoder[-1](h))"),
        replace(START, "u = torch.relu(z)\n"),
        replace(FORWARD, "return self.decode(torch.relu(z))"),
        textbook=True,
    ),
    Mistake(
        "no_hidden_activation",
        "There is no activation between the layers",
        """Linear layers in a row are one linear layer: however deep, the model can then do no more than a principal
        component analysis. Apply ReLU after every hidden layer, in the encoder and in the decoder.""",
        hidden("layer(h)", "layer(u)"),
        replace(HIDDEN, "h = layer(h)"),
        replace(HIDDEN_BACK, "u = layer(u)"),
        *(  # one ReLU a side, on the first hidden layer or on the last
            hidden(
                f"torch.relu(layer(h)) if layer is self.encoder[{index}] else layer(h)",
                f"torch.relu(layer(u)) if layer is self.decoder[{index}] else layer(u)",
            )
            for index in (0, -2)
        ),
        *(
            replace(HIDDEN, f"h = torch.relu(layer(h)) if layer is self.encoder[{index}] else layer(h)")
            for index in (0, -2)
        ),
        *(
            replace(HIDDEN_BACK, f"u = torch.relu(layer(u)) if layer is self.decoder[{index}] else layer(u)")
            for index in (0, -2)
        ),
        formula=r"W_2 (W_1 x + b_1) + b_2 = (W_2 W_1)\, x + (W_2 b_1 + b_2)",
    ),
    Mistake(
        "other_hidden_activation",
        "The hidden layers use another activation than ReLU",
        """The statement asks for ReLU between the layers. Sigmoid and tanh are flat for large inputs, so their
        gradients vanish in deep models.""",
        hidden("torch.sigmoid(layer(h))", "torch.sigmoid(layer(u))"),
        hidden("torch.tanh(layer(h))", "torch.tanh(layer(u))"),
        hidden("nn.functional.leaky_relu(layer(h))", "nn.functional.leaky_relu(layer(u))"),
        hidden("nn.functional.leaky_relu(layer(h), 0.2)", "nn.functional.leaky_relu(layer(u), 0.2)"),
        hidden("nn.functional.gelu(layer(h))", "nn.functional.gelu(layer(u))"),
    ),
    Mistake(
        "mirror_not_reversed",
        "The decoder's hidden layers are not in reversed order",
        """The decoder mirrors the encoder: its hidden widths are hidden_dims read backwards, from the narrow code out
        to the wide input. With one hidden layer the mistake does not show; print the layers of a model with two.""",
        decoder("[latent_dim, *hidden_dims, input_dim]"),
    ),
    Mistake(
        "output_not_in_unit_interval",
        "The output is not squeezed into [0, 1] by a sigmoid",
        """The data lie between 0 and 1, so decode ends in a sigmoid. Without it the output is any real number; ReLU
        leaves it unbounded above, tanh goes down to −1, and a clamp has no gradient outside. `decode` itself includes
        the sigmoid, not only `forward`.""",
        replace(SIGMOID, "return pre_activation"),
        replace(SIGMOID, "return torch.relu(pre_activation)"),
        replace(SIGMOID, "return torch.tanh(pre_activation)"),
        replace(SIGMOID, "return pre_activation.clamp(0, 1)"),
        replace(SIGMOID, "return torch.softmax(pre_activation, dim=1)"),
        [replace(SIGMOID, "return pre_activation"), replace(FORWARD, "return torch.sigmoid(self.decode(z))")],
        formula=r"\hat x = \sigma(W h + b) \in (0, 1)",
    ),
    Mistake(
        "sigmoid_twice",
        "The output goes through the sigmoid twice, or through a ReLU before it",
        """A sigmoid of something that is never negative is never below 0.5: no dark pixel can be reconstructed. The
        sigmoid belongs to decode, once, on the bare output of the last layer.""",
        replace(FORWARD, "return torch.sigmoid(self.decode(z))"),
        replace(SIGMOID, "return torch.sigmoid(torch.sigmoid(pre_activation))"),
        replace(SIGMOID, "return torch.sigmoid(torch.relu(pre_activation))"),
    ),
    Mistake(
        "decoder_width",
        "The output of the decoder is not as wide as the input",
        """A reconstruction is compared with its input feature by feature, so the last layer of the decoder must answer
        input_dim features. A last layer that was forgotten or has a fixed width (784 pixels, say) fits one data set at
        best, and subtraction may broadcast instead of failing.""",
        decoder("encoder_widths[:0:-1]"),
        decoder("[*encoder_widths[:0:-1], latent_dim]"),
        decoder("[*encoder_widths[:0:-1], encoder_widths[1]]"),
        decoder("[*encoder_widths[:0:-1], encoder_widths[-2]]"),
        decoder("[*encoder_widths[:0:-1], 784]"),
        decoder("[*encoder_widths[:0:-1], 1]"),
        decoder("[*encoder_widths[:0:-1], input_dim + 1]"),
        decoder("[latent_dim, *hidden_dims]"),
        decoder("[latent_dim, *hidden_dims, latent_dim]"),
        textbook=True,
    ),
    Mistake(
        "layers_not_registered",
        "The layers are kept in a plain list",
        """nn.Module finds its layers among its attributes, but does not look into Python lists: parameters() is empty,
        so an optimizer trains nothing, and .to() moves nothing. Use nn.ModuleList or nn.Sequential.""",
        replace(MODULES, "return [nn.Linear(fan_in, fan_out) for fan_in, fan_out in pairs]"),
        replace(DECODER, "self.decoder = list(linear_layers(decoder_widths))"),
    ),
    Mistake(
        "layers_without_bias",
        "The linear layers have no bias",
        """Every linear layer has a bias: without it the code of x = 0 is always 0 and the ReLUs all bend at the origin.
        Leave `bias` at its default.""",
        replace(MODULES, MODULES.replace("fan_out)", "fan_out, bias=False)")),
    ),
    Mistake(
        "tied_weights",
        "The decoder reuses the encoder's weights",
        """The decoder mirrors the shapes of the encoder, not its values: it has layers, weights and biases of its own.
        Tied weights are another model with half as many parameters.""",
        [
            replace(MODULES, MODULES + "\n\n\ndef tied(layer, h, bias):\n    return h @ layer.weight + bias"),
            replace(
                DECODER,
                "self.biases = nn.ParameterList(nn.Parameter(torch.zeros(width)) for width in decoder_widths[1:])",
            ),
            replace(
                "for layer in self.decoder[:-1]:",
                "layers = list(zip(self.encoder[::-1], self.biases))\n        for layer, bias in layers[:-1]:",
            ),
            replace(HIDDEN_BACK, "u = torch.relu(tied(layer, u, bias))"),
            replace(PRE_ACTIVATION, "pre_activation = tied(layers[-1][0], u, layers[-1][1])"),
        ],
    ),
    Mistake(
        "latent_detached",
        "No gradient passes through the latent code",
        """The latent is detached (or made under no_grad), so the encoder gets no gradient from the reconstruction and
        stays as it was initialised. Encoder and decoder are trained together: keep the graph.""",
        replace(FORWARD, "return self.decode(z.detach())"),
        latent("self.encoder[-1](h).detach()"),
        replace(Z, "with torch.no_grad():\n            z = self.encode(x)"),
    ),
    Mistake(
        "mean_over_everything",
        "The loss is a mean over examples and features",
        """F.mse_loss averages over all N·D elements by default, which is D times less than asked for: the loss of an
        example is the sum over its features, and only the examples are averaged. The optimum is the same, but the step
        size and the balance with any other term are not.""",
        replace(MEAN, "return squared_error.mean()"),
        formula=LOSS,
    ),
    Mistake(
        "loss_summed_over_examples",
        "The loss is summed over the examples",
        """The sum over the batch grows with N, and so do the gradients. Sum over the features (dim 1), then take the
        mean over the examples (dim 0).""",
        replace(MEAN, "return per_example.sum()"),
        replace(PER_EXAMPLE, "per_example = squared_error.sum(dim=0)"),
        replace(MEAN, "return per_example"),
        formula=LOSS,
    ),
    Mistake(
        "other_error",
        "The loss is not the squared error",
        """The reconstruction loss asked for is Σ(x̂ − x)²: not its root, not half of it, not the absolute error, and
        not the binary cross-entropy.""",
        replace(ERROR, "squared_error = (x_hat - x).abs()"),
        replace(ERROR, "squared_error = (x_hat - x) ** 2 / 2"),
        replace(PER_EXAMPLE, "per_example = squared_error.sum(dim=1).sqrt()"),
        replace(MEAN, "return per_example.mean().sqrt()"),
        replace(MEAN, "return squared_error.mean().sqrt()"),
        replace(MEAN, "return squared_error.sum().sqrt()"),
        replace(ERROR, 'squared_error = nn.functional.binary_cross_entropy(x_hat, x, reduction="none")'),
        formula=LOSS,
    ),
    Mistake(
        "target_detached",
        "No gradient reaches one of the loss's arguments",
        """The loss is differentiable in both arguments; x may be the output of another network. detach(), .data,
        .item() and NumPy cut the graph.""",
        replace(ERROR, "squared_error = (x_hat - x.detach()) ** 2"),
        replace(ERROR, "squared_error = (x_hat.detach() - x) ** 2"),
    ),
    Mistake(
        "modified_in_place",
        "An input is modified in place",
        """`x_hat -= x`, `relu_()` and nn.ReLU(inplace=True) write into the tensor they are given. Where that is the
        caller's own, the caller goes on with other numbers than before. Use the forms that make a new tensor.""",
        replace(ERROR, "squared_error = x_hat.sub_(x) ** 2"),
        replace(START, "u = z\n        if not z.requires_grad:\n            z.relu_()\n"),
        replace("        h = x\n", "        h = x\n        if not x.requires_grad:\n            x.relu_()\n"),
    ),
    Mistake(
        "latent_returned_too",
        "The latent code is returned beside the reconstruction",
        """`forward(x)` returns x̂ alone. A pair (x̂, z) cannot be passed to the loss, or compared with x; who needs the
        code calls `encode`.""",
        replace(FORWARD, "return self.decode(z), z"),
        replace(FORWARD, "return z, self.decode(z)"),
    ),
    Mistake(
        "dropout_added",
        "The network has dropout",
        """Dropout zeroes random hidden units in training, so the same x gets another reconstruction every time. It is
        none of the layers asked for.""",
        *(
            hidden(f"nn.functional.dropout(torch.relu(layer(h)), {p}, self.training)", back)
            for p in (0.2, 0.5)
            for back in (f"nn.functional.dropout(torch.relu(layer(u)), {p}, self.training)", "torch.relu(layer(u))")
        ),
    ),
]
