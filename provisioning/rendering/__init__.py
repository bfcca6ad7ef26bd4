"""From the addressed intent to the documents of one platform. Pure, but for reading the project's templates."""
