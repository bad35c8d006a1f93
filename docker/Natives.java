import ai.djl.engine.Engine;

/** Unpacks DJL's native code into the folder that {@code DJL_CACHE_DIR} and {@code ENGINE_CACHE_DIR} name, by loading it. */
final class Natives {
    private Natives() {}

    public static void main(String[] arguments) throws ClassNotFoundException {
        Engine.getEngine("PyTorch");
        Class.forName("ai.djl.huggingface.tokenizers.jni.LibUtils");
    }
}
